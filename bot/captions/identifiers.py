"""The words that announce what identifies somebody, in every language of the bot.

Each stands in lower case and without accents: for record numbers, phones, names, titles, streets.
"""

from bot.captions.words import listed

NAMING_TITLES = listed("""
    oga mr mrs mme mlle madame monsieur sr sra senhor senhora dona alhaji hajiya hajia malam mallam
    malama
""")
"""Behind them any capital is a name: `Mr Sunday`."""
KIN_TITLES = listed("""
    pa ma aunty auntie tantie tonton uncle mama maman papa baba inna grandma grandpa
""")
SMALL_TITLES = listed("mr mrs mme mlle madame monsieur alhaji hajiya hajia malam mallam malama")
"""They are nothing else without a capital: `mme traore`."""
TITLES = KIN_TITLES | listed("""
    infirmier infirmiere radiographer midwife parteira enfermeiro enfermeira
    oga senhor senhora enf enfa mr mrs ms miss madam mme mlle madame monsieur sr sra dona dom malam
    mallam malama
    alhaji alh
    hajiya haj hadja elhadj elhadji dr dra pr prof pastor imam chief sister nurse
""")
STRONG_REFERENCE = listed("""
    ref refs refce reference referencia id dossier dos mrn ipp matricule processo proc lamba lambar
    opd hn uhid folder nid fiche ficha carnet cartao registre registo emr nip katin pid ipd hrn
    urn uhn
    identifiant identifier identificador
""")
WEAK_REFERENCE = listed("""
    record crd card carte file boletim hosp hospital hospitalisation reg registration chart
    case ip op num
    numero enreg prontuario kati clinic adm admission accession inpatient outpatient register
    rajista
    fayil anc cpn pnc creni crenam cren pasta pin sns urg casualty trauma scn scbu nicu exam examen
    exame tb mdr
""")
OTHER_NUMBERS = listed("""
    lab labo labor arv art tarv nhis passport nin bi cni permit film rx
""")
REGISTERS = listed("arv art tarv film ray xray rx")
"""Of them a code is the patient's where no better number stands: `ART No LAG/0047/19`."""
IDENTITY = listed("""
    ghana voter voters national identity identite identidade insurance assurance eleitor bank sim
""")
"""Cards that are no clinic's: `Ghana card`."""
NO_RECORDS = listed("""
    staff employee account acct plot house box room seat bus flight receipt invoice bill voucher lot
    batch model version page bank meter gate flat block street road shop
""")
"""What has a number that is nobody's record: `staff no 221`."""
FILMS = listed("ray xray cliche film radio radiograph rx")
PATIENT_REFERENCE = listed("pt patient patiente doente paciente utente lafiya")
FILLERS = listed("""
    patient medical clinico clinique asibiti hospital hosp card kati dossier du de do da tb arv art
    clinic registration record file processo ordre d pediatrie pediatria paediatric paediatrics
    paeds peds maternite maternidade maternity gravida chirurgie medecine urgence urgences
    urgencia consultation
    admission cas exam examen exame radio
""")
SOFT_REFERENCE = listed("tb mdr exam examen exame trauma pin urg casualty")
"""Words of an illness or a place as well: `TB 6/12` and `pin 2022` are no numbers."""
RANGES = listed("range ranges interval value values norm plage intervalle intervalo")
"""Behind `ref` they make it one of a laboratory: `ref range 12-16`."""
THANKS = listed("merci thanks thx thank regards cordialement obrigado obrigada nagode svp")
"""Behind them a sender writes who he is: `merci, Rasmata`."""
DATED = listed("""
    hospital hospitalisation clinic case op ip admission adm reg urg casualty trauma scn scbu nicu
    exam examen exame tb mdr
""")
"""Behind them a year is one: `seen in hospital 2019`."""
CODES = listed("code codigo cod")
"""The patient's own number, where it is not said to be another: `code ARV`, `PIN code`."""
NUMBER_WORDS = listed("n no nr num number numero numb nbr")
PHONES = listed("""
    tel telephone tph phone phones mobile cell gsm whatsapp contact contacts contacto call appeler
    rappeler
    appelez waya telefone telemovel tlm ligar portable ph fone kira
""")
NAMES = listed("""
    name names nom noms prenom prenoms nome nomes suna surname firstname forename apelido sunansa
    sunanta sunan sunana fullname
""")
CALLED = listed("""
    called named appelle appelee nomme nommee prenomme prenommee chama chamo chamado chamada kiransa
    kiranta
""")
NAME_LINKS = listed("is was est et e and se me")
MAIL = listed("gmail yahoo hotmail outlook icloud ymail")
STREETS = listed("""
    street str road rd avenue ave av close lane crescent estate rue ruelle boulevard bd villa porte
    rua quartier carrefour travessa largo bairro plot compound layout
""")
ADDRESSES = listed("address addr adresse endereco morada adireshi residence domicile")
HOUSES = listed(
    "rua travessa villa porte maison house plot lot rue ruelle avenue av bd boulevard rua bairro"
)
AT = listed("at arobase arroba")
WEB = listed("http https www")
BIRTHS = listed("""
    dob yob born birth birthdate ddn dn naissance ne nee nasc nascimento nascido nascida haihuwa
    ranar date data of de on le em en in datan haife shi ta
""")
BIRTH_CUES = BIRTHS - listed("date data of de on le em en in shi ta")
PARTICLES = listed("da de do dos das el al ibn bin ben ould ag bi d")
