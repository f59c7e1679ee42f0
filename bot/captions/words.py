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
""")
FEMALE = listed("""
    female females woman girl lady mrs ms miss madam madame mme mlle mdme femme fille fillette dame
    fem feminin feminine feminina demoiselle epouse veuve menagere housewife widow
    daughter grandmother
    mulher menina senhora sra dona feminino rapariga filha
    mace mata yarinya tsohuwa budurwa jaririya hajiya haj hadja malama uwargida
    pregnant preg primip primipara primigravida multipara postpartum antenatal
    enceinte grossesse gestation gestacao parturiente accouchee primipare multipare
    gravida gestante puerpera
    patiente agee idosa hipertensa diabetica asmatica
    ♀
""")
MALE = listed("""
    male males man boy gentleman mr homme garcon monsieur masc masculin masculine gars vieillard
    fisherman
    homem menino senhor sr masculino rapaz filho
    miji mijinta fils son
    namiji yaro tsoho saurayi dattijo malam mallam alhaji alh elhadj elhadji
    idoso hipertenso diabetico asmatico
    ♂
""")
COMPLAINTS = PREGNANT | listed(
    "agee hipertensa hipertenso diabetica diabetico asmatica asmatico tana yana"
)
TITLES = listed("""
    mr mrs ms miss madam mme mlle madame monsieur sr sra dona dom malam mallam malama alhaji alh
    hajiya haj hadja elhadj elhadji dr dra pr prof pastor imam chief sister nurse
""")
SEXES = {**dict.fromkeys(FEMALE, Sex.FEMALE), **dict.fromkeys(MALE, Sex.MALE)}
LETTERS = {"f": Sex.FEMALE, "m": Sex.MALE, "h": Sex.MALE}
SAID_OF = {"dan": Sex.MALE, "yar": Sex.FEMALE, "yana": Sex.MALE, "tana": Sex.FEMALE}
PRONOUNS = {"she": Sex.FEMALE, "elle": Sex.FEMALE, "he": Sex.MALE, "il": Sex.MALE}
YOUNG_SEXED = listed("""
    boy girl garcon fille fillette menino menina rapaz rapariga filho filha yaro yarinya jaririya
    daughter
""")
NEWBORN = listed("""
    newborn neonate neonatal preterm premature prem nn nne nouveaune prematuro prematuree rn
    recemnascido nascido nascida nouveau jariri jaririya
""")
YOUNG = (
    YOUNG_SEXED
    | NEWBORN
    | listed("""
    child baby infant toddler bb bebe nourrisson nrs enfant enft enf gosse
    crianca lactente
    yaron
""")
)
PERSON = (
    PREGNANT
    | YOUNG
    | FEMALE
    | MALE
    | listed("""
    patient pt adult adulte mother father mere pere mae pai
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
CAREGIVER = listed("""
    mother mere mae wife husband mari father pere pai uwa mahaifiya mahaifiyarsa miji mijinta epouse
    esposa marido epoux
""")
CHILDREN = listed("children enfants filhos kids yara")
MONTH_NAMES = listed("""
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
    august september october november december janvier fevrier mars avril mai juin juillet aout
    septembre octobre novembre decembre janeiro fevereiro marco abril maio junho julho agosto
    setembro outubro novembro dezembro st nd rd th er
""")
BY_SOMEBODY = listed("by with from par avec com por contre against")
DENIALS = listed("not pas nao")
ARTICLES = listed("a an un une um uma the le la l o")
SUBJECTS_VERB = listed("is a est was e tem has")

UNSEXED = NEWBORN | listed(
    "child baby infant toddler bb bebe nourrisson enfant pt patient adult adulte"
)
PREMATURE = listed(
    "preterm premature prem prematuro prematuree term terme gestation gestational ga sa"
)

# Numbers with units

YEARS = listed("y yr yrs yo year years an ans ano anos yrd yars")
MONTHS = listed("mo mos mth mths month months mois mes meses mese")
WEEKS = listed("w wk wks week weeks semaine semaines sem semana semanas")
DAYS = listed("d day days j jr jrs jour jours dia dias")
YEARS_BEFORE = listed("""
    shekara shekaru shekarar shekarunsa shekarunta shekarunshi shekararsa shekararta
""")
MONTHS_BEFORE = listed("wata watanni")
WEEKS_BEFORE = listed("sati mako makonni")
DAYS_BEFORE = listed("kwana kwanaki")
POSSESSED = {
    **dict.fromkeys(("shekarunsa", "shekarunshi", "shekararsa"), Sex.MALE),
    **dict.fromkeys(("shekarunta", "shekararta"), Sex.FEMALE),
}
UNITS_FIRST = YEARS_BEFORE | MONTHS_BEFORE | WEEKS_BEFORE | DAYS_BEFORE
HALVES = listed("demi demie half meio rabi")
AND = listed("and et e da")
OLD = listed("old")
AGE_CUES = listed("age aged agee idade ages aine shekaru yrs")
ABOUT = listed("""
    about around approx approximately environ env ca cerca now just presque quasi
""")

BEFORE_DURATION = listed("""
    for since x depuis ha faz desde pendant during over past last within after apres apos pos post
    tsawon tun il y en dans every at des from durant
""")
AFTER_DURATION = listed("""
    of de ago history hx smoke smoker smoking smoked later post atras duration review treatment
    traitement tratamento rx att pack packs pa suivi seguimento follow back passe hiv plus tard
""")
OF_LIFE = listed("life age vie vida idade")
HABITS = listed("""
    smoker smoking tobacco cigarette cigarettes alcohol tabac tabagique tabagisme fumeur fumeuse
    alcool fumador fumadora tabaco taba sigari
    hypertension hta htn diabetes diabete dm asthma asthme asma hipertensao diabetes diabetique
    diabetico hypertensive hypertendu hypertendue vih hiv rvd epilepsy epilepsie epilepsia married
    experience service traitement treatment post
""")

# Numbers that are no age

NUMBER_UNITS = listed("""
    kg kgs g gr mg mcg cm mm ml l cc dl mmhg bpm cpm spm c h hr hrs hour hours heure heures hora
    horas awa min mins minute minutes sec th st nd rd am pm sa fois times per par vezes ui iu meq
    pack packs packets paquets cig cigs cigarette cigarettes cigares leads lead views view films
    units tabs cp cps comp day days episodes stitches points poches doses cycles children enfants
    filhos yaya
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

# What identifies

STRONG_REFERENCE = listed("""
    ref refs refce reference referencia id dossier dos mrn ipp matricule processo proc lamba lambar
    opd hn uhid folder nid fiche ficha carnet cartao registre registo emr nip katin
""")
WEAK_REFERENCE = listed("""
    record card file hosp hospital hospitalisation reg registration chart case ip op num
    numero enreg prontuario kati clinic
""")
OTHER_NUMBERS = listed("""
    code lab labo labor arv art tarv nhis passport nin bi cni permit film rx
""")
PATIENT_REFERENCE = listed("pt patient patiente doente paciente utente lafiya")
FILLERS = listed("""
    patient medical clinico clinique asibiti hospital hosp card kati dossier du de do da tb arv art
    clinic registration record file processo ordre d
""")
NUMBER_WORDS = listed("n no nr num number numero numb nbr")
PHONES = listed("""
    tel telephone tph phone phones mobile cell gsm whatsapp contact contacts contacto call appeler
    appelez waya telefone telemovel tlm ligar portable ph fone kira
""")
NAMES = listed("""
    name names nom noms prenom prenoms nome nomes suna surname firstname forename apelido sunansa
    sunanta sunan fullname
""")
BIRTHS = listed("""
    dob yob born birth birthdate ddn dn naissance ne nee nasc nascimento nascido nascida haihuwa
    ranar date data of de on le em datan
""")
BIRTH_CUES = BIRTHS - listed("date data of de on le em")
PARTICLES = listed("da de do dos das el al ibn bin ben ould ag bi d")
