"""The words by which captions tell age, sex and record number, in every language of the bot.

Each stands in lower case and without accents. `bot.captions.vocabulary` has the words that are no
names.
"""

from inference.contract import Sex


def listed(text: str) -> frozenset[str]:
    """Words as a set, from a text that lists them."""
    return frozenset(text.split())


# Who

PREGNANT = listed("""
    pregnant preg enceinte gravida gestante grossesse gestation amenorrhee postpartum pp
    puerperal puerpera postnatal partum
""")
FEMALE = listed("""
    retraitee
    female females woman girl lady mrs ms miss madam madame mme mlle mdme femme fille fillette dame
    fem feminin feminine feminina demoiselle epouse veuve menagere housewife widow
    daughter granddaughter schoolgirl lactating menopausal postmenopausal primiparous multiparous
    nulliparous
    femal famale
    mulher menina minina senhora sra dona feminino rapariga filha
    mace mata yarinya tsohuwa budurwa jaririya hajiya haj hadja malama uwargida matata yata kakata
    pregnant preg primip primipara primigravida multipara postpartum antenatal
    enceinte grossesse gestation gestacao parturiente accouchee primipare multipare
    gravida gestante puerpera
    patiente mindjer femia wmn grl fmle fmale femele vieille commercante couturiere coiffeuse
    vendeuse
    ouvriere ecoliere etudiante pescadora vendedora costureira cozinheira domestica
    businesswoman gal velha moca miuda viuva professora gamine partum postnatal puerperal
    allaitante lactante nascida housegirl policewoman jumelle gemea conductrice agricultrice
    serveuse waitress
    actress agricultora
    lavradora condutora
    trabalhadora solteira casada reformada aposentada macen yarinyar jaririyar mahaifiyata kanwata
    yayata matashiya dattijuwa tsofuwa bazawara aure hajia hajja hadjia daliba manomiya
    ♀
""")
_FEMALE_COMPLAINTS = listed(
    "lmp hypertendue mariee essoufflee agee idosa hipertensa diabetica asmatica"
)
MALE = listed("""
    male males man boy gentleman mr homme garcon monsieur masc masculin masculine gars vieillard
    fellow herdsboy houseboy fisherman herdsman policeman watchman businessman gateman salesman
    grandson schoolboy
    homem homen menino minino senhor sr masculino rapaz filho
    miji mijinta fils son
    namiji yaro tsoho tsohon saurayi dattijo malam mallam alhaji alh elhadj elhadji yarona mijina
    kakana mahaifina
    mininu matchu cultivateur eleveur berger forgeron menuisier macon agricultor pescador pedreiro
    conducteur agriculteur vendeur ouvrier commercant etudiant ecolier waiter lavrador
    condutor trabalhador solteiro casado reformado aposentado soldado mecanico carpinteiro namijin
    yaron babana kanina yayana garconnet gamin veuf velho moco miudo viuvo professor enfermeiro
    lad guy chap bloke matashi
    magidanci almajiri manomi makiyayi dalibi elhaj alhadji
    ♂
""")
_MALE_COMPLAINTS = listed("idoso hipertenso diabetico asmatico")
COMPLAINTS = PREGNANT | _FEMALE_COMPLAINTS | _MALE_COMPLAINTS | listed("tana yana")
OF_WOMEN = PREGNANT | listed("""
    partum postnatal puerperal allaitante lactante
    primip primipara primigravida multipara postpartum antenatal gestacao parturiente accouchee
    primipare multipare puerpera lactating
""")
SEXES = {**dict.fromkeys(FEMALE, Sex.FEMALE), **dict.fromkeys(MALE, Sex.MALE)}
HINTED_SEXES = {
    **dict.fromkeys(_FEMALE_COMPLAINTS, Sex.FEMALE),
    **dict.fromkeys(_MALE_COMPLAINTS, Sex.MALE),
}
"""Endings of complaints: `diabética` is a woman, but `pé diabético` is a foot."""
_FEMALE_ORGANS = listed("""
    cervix uterus uterine ovary ovarian ovaries uterin uterino utero ovario ovaire ovarien ovarienne
    menopause menopausee menopausa hsg metrorragies metrorragie menorrhagia menorragia pph eclampsia
    eclampsie preeclampsia preeclampsie
""")
_MALE_ORGANS = listed("""
    prostate prostata prostatic prostatique bph hbp testis testicle testicles testicular testicule
    testiculo scrotum scrotal scrotale escroto hydrocele hidrocele
""")
ORGANS = {
    **dict.fromkeys(_FEMALE_ORGANS, Sex.FEMALE),
    **dict.fromkeys(_MALE_ORGANS, Sex.MALE),
}
"""What one sex alone has; no word for a person, for `menopause 17 years` is no age."""
LETTERS = {"f": Sex.FEMALE, "m": Sex.MALE, "h": Sex.MALE}
SAID_OF = {
    **dict.fromkeys(("dan", "dana", "yana", "shi"), Sex.MALE),
    **dict.fromkeys(("yar", "tana", "ita"), Sex.FEMALE),
}
OLD_MEN = listed("vieux")
FRENCH_FEMALE = listed("pte adolescente")
FRENCH_YEARS = listed("an ans")
NAMED = {"sunansa": Sex.MALE, "sunanshi": Sex.MALE, "sunanta": Sex.FEMALE}
PRONOUNS = {
    **dict.fromkeys(("she", "elle", "ela"), Sex.FEMALE),
    **dict.fromkeys(("he", "il", "ele"), Sex.MALE),
}
SUBJECTS = {
    **dict.fromkeys(("she", "shes", "her", "hers", "elle", "ela", "tana", "ita"), Sex.FEMALE),
    **dict.fromkeys(("he", "hes", "his", "him", "ele", "yana"), Sex.MALE),
}
IL_VERBS = listed("""
    tousse crache vomit souffre respire presente marche mange boite saigne pleure se ne tombe dit
    convulse dort maigrit
""")
STAFF = listed("doctor dr nurse docteur medecin infirmier infirmiere midwife likita")
SEX_LABELS = listed("sex sexe sexo gender jinsi genre genero")
NURSES = listed("nurse midwife infirmiere")
SPOUSES = listed("mari epoux femme epouse marido esposa")
THEIRS = listed("her his")
OF_SOMEBODY = THEIRS | listed("sa son ses leur seu sua their")
FIRST_PERSON = listed("i je j eu tenho")
YOUNG_SEXED = listed("""
    boy girl garcon fille fillette menino menina rapaz rapariga filho filha yaro yarinya jaririya
    daughter granddaughter grandson schoolgirl schoolboy minino minina mininu garconnet gamin
    gamine miudo miuda
""")
NEWBORN = listed("""
    babyn jinjiri jinjirin jinjira jinjirar jaririn jaririyar
    newborn neonate neonatal preterm premature prem nn nne nouveaune prematuro prematuree rn
    recemnascido nascido nascida nouveau jariri jaririya
""")
YOUNG = (
    YOUNG_SEXED
    | NEWBORN
    | listed("""
    child twins twin jumeaux jumelles baby infant toddler bb bebe nourrisson nrs enfant enft
    enf gosse ch kid pikin neonat
    nourisson nourrison nourissons petit petite enfan enfent bambin
    crianca lactente
    yaron
""")
)
GRANDPARENTS = listed("grandmother grandma granny grandfather grandpa mamie papi avo")
WORKERS = listed("""
    labourer
    farmer trader driver teacher student soldier footballer cultivateur cultivatrice chauffeur
    commercant commercante ouvrier ouvriere etudiant etudiante pescador motorista agricultor manomi
    dalibi daliba militaire tailor mechanic herdsman fisherman policeman watchman housewife
    retraitee
    menagere retraite eleve gendarme policier policeman conducteur conductrice agriculteur mason
    carpenter welder cleaner cook hunter rider okada miner herder pupil apprentice seamstress
""")
PERSON = (
    PREGNANT
    | WORKERS
    | HINTED_SEXES.keys() - {"lmp"}
    | GRANDPARENTS
    | OLD_MEN
    | YOUNG
    | FEMALE
    | MALE
    | listed("""
    patient pt px sickler adult adulte mother father mere pere mae pai
    pte paciente doente utente lafiya elderly jeune jovem adolescente teenager adolescent
    footballer farmer trader driver teacher student soldier nurse militaire lady personne person
    eleve ecolier ecoliere etudiant etudiante cultivateur cultivatrice chauffeur commercant
    commercante ouvrier aluno aluna estudante pescador motorista agricultor manomi dalibi daliba
    mutum ne nee
""")
)
RELATIVES = listed("""
    brother sister mother father wife husband son daughter uncle aunt cousin twin
    frere soeur mere pere femme epouse mari fils fille oncle tante jumeau
    irmao irma mae pai esposa marido filho filha tio tia
    uwan uwar uba matar mijin
    contact contacto friend neighbour ami amie voisin amigo vizinho companion
""")
CARRIES = listed("of du de da do des d")
CHILDREN_BARE = listed("child kid pikin enfant enft enf enfan gosse crianca toddler")
CAREGIVER = listed("""
    mother mere mae wife husband mari father pere pai uwa mahaifiya mahaifiyarsa miji mijinta epouse
    esposa marido epoux mum mummy mom maman dad daddy papa
""")
_WOMEN_OF_KIN = listed("""
    mother mum mummy mom mere maman mae wife esposa epouse sister soeur irma aunt auntie aunty tante
    uwar tia niece sobrinha grandmother grandma granny mamie
""")
_MEN_OF_KIN = listed("""
    father dad daddy papa pere pai husband mari marido epoux brother frere irmao uncle oncle tio
    nephew neveu sobrinho grandfather grandpa papi
""")
KIN = {**dict.fromkeys(_WOMEN_OF_KIN, Sex.FEMALE), **dict.fromkeys(_MEN_OF_KIN, Sex.MALE)}
GRAND = listed("grand grande gd gde gds belle beau petite petit step god")
MOTHERS = listed("mother mum mummy mere maman mae uwa mahaifiya mahaifiyarsa mahaifiyarta")
MY = listed("""
    fille jeune young my our ma mon notre minha meu nossa nosso nursing lactating breastfeeding
    expectant
""")
NURSING = listed("allaitante lactante nourrice")
SAYS = listed("says said say claims dit diz disse")
PATIENTS = listed("pt px patient patiente client child baby")
FOR = listed("pour pr for of to de para do da")
EXPOSED = listed("no not nega denies denied nie sans sem pas de tb mdr bk")
"""Before `contact` they make it what somebody had, and nobody: `nega contacto`."""
WIVES = listed("femme epouse wife esposa")
NURSE = listed("allaite allaitante amamenta breastfeeding breastfeeds lactating nursing")
SMOKERS = listed("smoker fumeur fumeuse tabagique fumador fumadora")
COLLEAGUES = listed("""
    headteacher technician tech radiographer pharmacist consultant matron major director directeur
    directrice surveillant surveillante chirurgien surgeon
""")
SHOWN = listed("is est sou c cest na its sent")
INDEXED = listed("""
    index patient patiente case cas caso doente paciente contact contacto contaminateur tb tpm bk
    malade known tuberculeux
""")
CHILDREN = listed("twins triplets jumeaux gemeos children enfants filhos kids yara")
MONTH_NAMES = listed("""
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
    august september october november december janvier fevrier mars avril mai juin juillet aout
    septembre octobre novembre decembre janeiro fevereiro marco abril maio junho julho agosto
    setembro outubro novembro dezembro st nd rd th er
""")
BEFORE_COURSE = listed("on iv oral im under sous em en their his her")
COURSES = listed("""
    antibiotic antibiotics abx phototherapy treatment rx drugs course ampicillin gentamicin genta
    ampi feeds feeding admission admitted fever cough pain illness antibiotiques antibiotique
    phototherapie traitement antibioticos antibiotico fototerapia tratamento fievre toux febre tosse
""")
GOES_ON = listed("for since x depuis ha desde pendant during tsawon tun")
BEFORE_PERSON = listed("on in of for this is from by to with and de chez para en da ga")
BY_SOMEBODY = listed("by with from par avec com por contre against")
AGAINST = listed("by par por against contre")
LAST = listed(
    "last youngest first dernier derniere premier premiere ultimo ultima primeiro primeira"
)
UP_TO = listed("to or a ou ko zuwa et and e")
HERE = listed("here ici aqui nan")
DENIALS = listed("not pas nao")
ARTICLES = listed("a an un une um uma the le la l o")
HAVING = listed("has get tem")
"""Behind them years are an age only where a thought ends: `he has 3 years cough`."""
SUBJECTS_VERB = listed("get is am a est was e tem has ai suis tenho")

UNSEXED = (
    NEWBORN
    | listed("elderly young teen teenager adolescent ado jovem jeune kid")
    | listed("child baby infant toddler bb bebe nourrisson enfant pt patient adult adulte")
)
INFANTS = listed(
    "jaririn baby babies bb bebe nourrisson nourisson nrs lactente infant jariri jaririya"
)
PUPILS = listed("""
    eleve ecolier ecoliere student pupil apprenti apprentie makaranta dalibi daliba aluno aluna
    estudante schoolboy schoolgirl
""")
PREMATURE = listed(
    "preterm premature prem prematuro prematuree term terme gestation gestational ga sa"
)

# Numbers as words

_ONES = (
    "one un une um uma daya",
    "two deux dois duas biyu",
    "three trois tres uku",
    "four quatre quatro hudu",
    "five cinq cinco biyar",
    "six seis shida",
    "seven sept sete bakwai",
    "eight huit oito takwas",
    "nine neuf nove tara",
    "ten dix dez goma",
    "eleven onze",
    "twelve douze doze",
    "thirteen treize treze",
    "fourteen quatorze catorze",
    "fifteen quinze",
    "sixteen seize dezasseis dezesseis",
    "seventeen dezassete dezessete",
    "eighteen dezoito",
    "nineteen dezanove dezenove",
)
_TENS = (
    "twenty vingt vinte ashirin",
    "thirty trente trinta talatin",
    "forty fourty quarante quarenta arbain",
    "fifty cinquante cinquenta hamsin",
    "sixty soixante sessenta sittin",
    "seventy septante setenta sabain",
    "eighty oitenta tamanin",
    "ninety nonante noventa casain tisin",
)
NUMBERS = {
    **{word: count for count, each in enumerate(_ONES, 1) for word in each.split()},
    **{word: count * 10 for count, each in enumerate(_TENS, 2) for word in each.split()},
    **{
        tens.split()[0] + ones.split()[0]: count * 10 + one
        for count, tens in enumerate(_TENS, 2)
        for one, ones in enumerate(_ONES[:9], 1)
    },
}

# Numbers with units

YEARS = listed("y yr yrs yo year years an ans ano anos anu yrd yars yer yrz")
MONTHS = listed("mo mos mth mths mnt mnts month months mois moi mes meses mese")
WEEKS = listed("w wk wks week weeks semaine semaines sem sems semana semanas simana")
DAYS = listed("d day days dayz dy dys j jr jrs jour jours dia dias")
HOURS = listed("hr hrs hour hours heure heures hora horas")
DAY = listed("day jour dia")
DAY_OF_LIFE = listed("dol ddv")
LAST_PERIOD = listed("lmp lnmp ddr dum edd edc dpa dpp")
"""Behind them is a date, though it looks like an age: `LMP 8/12`."""
PARITY = listed("p g para gravida")
ORDINALS = listed("st nd rd th e er eme o")
YEARS_BEFORE = listed("""
    shekara shekaru shekarar shekarunsa shekarunta shekarunshi shekararsa shekararta shekaruna
    shekarata
""")
MONTHS_BEFORE = listed("wata watanni watansa watanta watanninsa watanninta")
WEEKS_BEFORE = listed("sati mako makonni satinsa satinta makonninsa makonninta")
DAYS_BEFORE = listed("kwana kwanaki kwanansa kwananta kwanakinsa kwanakinta")
_HIS = listed("""
    shekarunsa shekarunshi shekararsa watansa watanninsa satinsa makonninsa kwanansa kwanakinsa
""")
_HERS = listed("shekarunta shekararta watanta watanninta satinta makonninta kwananta kwanakinta")
POSSESSED = {**dict.fromkeys(_HIS, Sex.MALE), **dict.fromkeys(_HERS, Sex.FEMALE)}
MY_AGE = listed("shekaruna shekarata")
UNITS_FIRST = YEARS_BEFORE | MONTHS_BEFORE | WEEKS_BEFORE | DAYS_BEFORE
HALVES = listed("demi demie half meio rabi")
AND = listed("and et e da")
OLD = listed("old")
TYPED_ON = listed("cough fever pain toux fievre tosse febre tari zazzabi")
"""What is typed behind an age without a space: `45yrscough`."""
AGE_CUES = listed("age aged agee idade ages aine shekaru yrs")
CHILD_LETTERS = listed("c ch")
"""Behind a letter for the sex, a child: `M/C/5 yrs`."""
ABOUT = listed("""
    about abt around approx approximately aprox apprx environ env ca cerca circa now just presque
    quasi wajen kusan kamar
""")

BEFORE_DURATION = listed("""
    for since x depuis ha faz desde pendant during over past last within after apres apos pos post
    tsawon tun il y en dans every at des from durant
""")
AFTER_AGE = listed("post hiv hx treatment traitement tratamento rx att review suivi seguimento")
"""Behind an age of somebody, what is the matter: `patient 48 yrs HIV`; else a duration."""
AFTER_DURATION = listed("""
    of de ago history hx smoke smoker smoking smoked later post atras duration review treatment
    traitement tratamento rx att pack packs pa suivi seguimento follow back passe hiv plus tard
""")
TREATED_ON = listed("on sous sur em com with under de of")
LONG_ILLNESS = listed("""
    art arv arvs haart tarv tld rvd htn hta dm dm1 dm2 diabetes diabete copd bpco dpoc insulin
    insuline insulina inhaler dialysis dialyse dialise hypertension hipertensao
""")
"""Had or treated for years, by children as well."""
OF_LIFE = listed("life age vie vida idade haihuwa")
ROUGHLY = listed("tal poucos picos quelques odd something ish plus")
"""`70 e tal anos` is none of 70."""
ORGANISMS = listed("tuberculosis leprae bovis avium pneumoniae catarrhalis ulcerans")
OF_OLD = listed("""
    contracture scar keloid sequel sequelae malunion ancien ancienne cicatrice sequelle
    sequelles antigo
    antiga cicatriz
""")
INJURIES = listed("""
    fracture fractures wound injury burn scar ulcer sore swelling lump dislocation nail plate cast
    pop scab
""")
ACUTE = listed("""
    fell fall fallen burn burns burnt scald bite bitten bit swallowed ingested rta rtc mva avp
    accident
    stab stabbed gunshot gsw kicked hit knocked snake chute tombe tombee brulure mordu mordue avale
    queda caiu queimadura mordida mordeu engoliu atropelado fadi fado hatsari hatsarin kone konewa
    hadiye cizon cizo
""")
"""What happened on one day: years beside it are no duration."""
COMPLAINED = listed("""
    cough coughing fever pain weight loss vomiting wound ulcer sore swelling rash toux fievre
    douleur
    amaigrissement plaie tosse febre dor perda ferida tari zazzabi ciwon not no pas nao
""")
WEIGHED = listed("kg pb muac poids wt weight weighs pese peso feeding breastfed vaccin kwash")
DEVICES = listed("foley catheter cath sonde needle screw nail tube drain gauge cannula fr ch pet")
HABITS = listed("""
    smoker smoking tobacco cigarette cigarettes alcohol tabac tabagique tabagisme fumeur fumeuse
    alcool fumador fumadora tabaco taba sigari
    hypertension hta htn diabetes diabete dm asthma asthme asma hipertensao diabetes diabetique
    diabetico hypertensive hypertendu hypertendue vih hiv rvd epilepsy epilepsie epilepsia married
    smoked smokes smoke works worked working mines travaille trabalha trabalhou experience
    service traitement
    treatment post
""")

# Numbers that are no age

NUMBER_UNITS = listed("""
    kg kgs g gr mg mcg cm mm ml l cc dl mmhg bpm cpm spm c h hr hrs hour hours heure heures hora
    horas awa min mins minute minutes sec th st nd rd am pm sa fois times per par vezes ui iu meq
    pack packs packets paquets cig cigs cigarette cigarettes cigares leads lead views view films
    units tabs cp cps comp day days episodes stitches points poches doses cycles children enfants
    filhos yaya stick sticks acres feet foot
""") - listed("day days")
VITALS = listed("""
    t temp temperature tº tc ta bp pa pas pad fc fr hr pr rr sat sao spo po sp o pouls pulse puls
    hb hgb cd wbc gb plt plq crp vs esr glyc glycemie rbs fbs gaj poids weight wt peso kg taille
    height ht altura muac pb gcs glasgow apgar score tdr creat uree alt ast inr pcr vih ves nfs pct
    stage stade grade grau nyha view lead gravida para parity parite geste fibrose zone lobe cv lv
""")
TWINS = listed("twin jumeau jumelle gemeo gemea")
BEDS = listed("""
    lit bed ward salle room chambre box cama quarto sala enfermaria gado daki couloir floor etage
    pavillon bloc theatre cot berceau unite bay house maison parcelle porte
""")
CONTROLS = listed("""
    controle control controlo kontrol ctrl suivi mois month mes watan m bk review
""")
UNITS_BEFORE = listed("""
    month months mois mes day days jour jours dia week semaine semana watan
""")
TREATED = listed("""
    att mdr tpm bk tb controle controlo control kontrol month months mois mes traitement
""")
AFTER_OPERATION = listed("post pod op opere operee accouchee operado operada surgery chirurgie")
SLASHED = listed("fu mc co ho sp ro oe na ae hx bw ao ps sa cm ma ds")
