/**
 * Names, and words of captions that are no names, in lower case and without accents.
 *
 * The bot's own lists (`bot/captions/*.txt`); a test holds them alike. Fetched with the first caption.
 */

export const names = words(`
abba abdou abdoul abdoulaye abdul abdulai abdullahi abena abiba abubakar adama adamu addo
adebayo adele adeola adeyemi adjoa adjoua adjovi adwoa afi afiwa afua agnes agyeman ahmadou
ahmed aicha aisha aissa aissata aissatou akissi akosua akua alassane alhassan ali alioune alou
ama amadou amaka amara amina aminata aminatou amos ana andre andrew antonia antonio appiah
armando asante assane assetou assitan awa ayisha babacar bah bakary bala balde balogun bamba
bangoura bangura barry bashir beatrice bello binetou binta bintou blessing boateng boubacar
boukary brahima braima camara carlos cecile cecilia cheikh chidi chinedu chinyere chioma
christine chukwu cisse comfort conde conteh correia coulibaly coumba dabo daniel danjuma daouda
david deborah demba dembele diabate diagne diakite diallo diarra diatta dieng diop diouf djalo
djeneba djibo djibril doe domingas domingos dorcas drame ebrima efua elijah elizabeth embalo
emeka emmanuel esther eze fanta fati fatim fatima fatimata fatou fatoumata fatu faye felicia
fernandes fernando florence fofana folake francisca francois funmi gabriel garba gaye gift gomes
gomis grace gueye habiba haddy hadiza halima hamidou hannah haoua hassan hauwa hawa housseini
ibrahim ibrahima idris idrissa ifeanyi ifeoma isa isaac isabel ismaila issa issouf issoufou
jacob jacques jalloh jallow james janet jatta jean jeanne joana joao john jose joseph joshua
kaba kabore kadi kadiatou kadidia kamara kanyi kebe keita kelechi khadidiatou khadija khady
koffi kofi kojo komla komlan konate kone koroma kossi kouadio kouakou kouame kouassi kouyate
kwabena kwadwo kwaku kwame kwasi kweku ladi lamin lamine lassina lawal luis mahamadou maiga
malik mamadou mamady mamane mane manuel maria mariam mariama mariame mariatou marie marieme
martha mary matthew mbaye mendes mensah mercy michael michel modou mohamadou mohamed mohammed
mory moses mouhamadou moussa muhammad muhammadu murtala musa mustapha nafi nana nasiru ndeye
ndiaye ndour ngozi nhaga niang njie nkrumah nnamdi nneka nwosu obi obinna okafor okeke okonkwo
okoro oluwaseun omar ouattara ouedraogo oumar oumou oumy ousmane owusu paul paulo pedro penda
pereira peter philip philippe pierre rabi rabiu rachel rahila rakia ramatou ramatoulaye rebecca
rokia ruth sadiq safiatou saidou salamata salif salifou salimata salisu samba samuel sanca sanha
sani sankara sanogo sanou sarah sarr sawadogo seck segun sene sesay seydou seynabou shehu sidibe
sidiki silva simon simpore sissoko solomon soro souleymane sow stephen sulaiman sule sylla
tandia tanoh tavares tchalla teresa therese thiam thomas tidiane toure traore tunde uche uchenna
umar umaru usman victoria wade yacouba yahaya yakubu yao yaw yaya yetunde yusuf zainab zainabu
zeinab zongo
`);

export const known = words(`
a aa abacavir abandon abandono abces abcesso abcessos abdomen abdominais abdominal abdominale
abidjan abinci ablation abnormal aboli abondant abord aborto abrasion abrasions abril abscess
abscessed abscesses absent abu abuja acamado acces accident accompagne accra accru acetaminophen
achalasia acid acidente acima acompanhamento acordado actively actrapid actuel actuelle acuite
acuity acute acyclovir addict adenoids adenomegalia adenomegalias adenopathie adenopathies
adenopatia adherence admis admission adolescent adrenal adrenaline adresse adult adulte adulto
aerienne afb afebrile affaiblissement afogamento afraid africa afta after afternoon again age agee
aggressive agitado agitated agitation agite ago agora agosto agressao agresse agressee agression
agua aguda agudo agulha aide aigu aigue aigues aiguille aiki ailes ainsi air airway aisselle ajuda
akpeteshie albumin alcohol alcoholic alcoolico alcoolique alergia alert algia alguma alguns alhamis
alimentation alite alitee alivio all allah allergie allergy alors alta alteracao alteracoes
alteration altere altered altura always amai amaigrissement amatem ambos ambulance ambulatoire
amelioration amendoim amenorrhee aminophylline amitriptyline amlodipine amo amoebiasis amosanin
amoxicillin amoxicilline ampicillin ampiclox ampoule amputacao amputated amputation amygdales
amygdalite amylase amyloid an ana anaemia anaemic anaesthesia anaesthetic anal anasarca anatoxin
anca ancas ancien ancienne anciennete and anel anemia anemic anemico anemie anemique anencephaly
aneurisma aneurysm anevrisme angina angine angulated angustia animal ankle annee annees annulaire
ano anorexia anorexie ans antebraco antecedent antecedents antenatal anterieur anterior antes
anthrax antigo antirabies antivenom anuria anus anxious anzol ao aorta aortic aos aout ap
apendicite aperto apetite apex aphte apical apiretico apnees apnoea apos apparition appendicectomie
appendicectomy appendicite appendicitis appendix appetit appetite apporte apres april aptitude
apyretique aquoso ar arachide arbre areola arete arm arma arme armpit arms arranhao arrepios arrest
arret arrhythmia arriere arrow arsumax art artane artefan artemether arterial artesunate arthrite
arthritic arthritis arthrose articulacao articulacoes articulaire articular articulation
articulations artrite artrose arv arvore as asabar ascaris ascite ascites asibiti asleep asma
asmatica aspect aspergillus asphyxia aspirate aspirated aspiration aspirin assault assaulted assess
assintomatico assistencia association asthenie asthma asthmatic asthmatique asthme asymptomatic
asymptomatique at ataxia ate atelectasie atelectasis atenolol atorvastatin atras atraumatique
atresia atripla atropelado atropelamento atropine ats att attack atteinte attelle attempt attended
aucun aucune audition augmentin august aumentada aumento aureus auriculaire ausente aussi autour
autre avait aval avale avaliacao avaliar avant avc ave avec avoir avp avril avulsion aware axe
axila axillary ayant azia ba ba'a babba babesia babur baby bacia back bactrim bag bagged bai bain
baixa baixo bakery baki bakon balle ballonnement bamako banda bandage bande banho barci bari barium
barka barotrauma barrel barriga barulho bas basal base basir basithoracique bassin basur bater bath
batida battement battery baya bayan bcg beach bead bean beaucoup bebe because bed bedaquiline
bedside bee been beer before began behind being belle belly below bem bennett benzathine benzhexol
beriberi best better between bexiga bicicleta bicycle bien bike bilan bilateral bilaterale
bilharzia bilharziose biliary biopsia biopsie biopsy birth bisa bisoprolol bissau bite bitten biyar
biyu bk black bladder blanc blanche bleach bleeding bleeds blesse blessee blessure blind blister
blisters bloated bloating block blocked blood blount blunt blurred boa boas boat boca bochdalek
bochecha bocio body boi boil boils boire bois boite boiterie bolha bolhas bolsa bom bon bone
bonjour bonne bonsoir booked borda bosse both bottle bouche boule bouton boutons bowed bowel bowing
bowlegs boys bpco brachial brachiale braco bradycardia bradycardic brain branca branco bras breast
breath breathing breathless breathlessness bridge bronchial bronchiectasis bronchiolite
bronchiolitis bronchite bronchitis bronchopneumonia bronchus broncoespasmo bronquiolite bronquite
brucellosis brufen bruise bruised bruises bruit brulant brule brulee brulure brusca brutal brutale
bruyante bugu bugun bulging bull bulla bullae bulle bulles bullet bunion burkitt burn burning burns
burukutu buruli bus buscopan bushewa but buttock button bututu ca cabeca cabeludo cabinet cacahuete
cachectic cachectique cachexia cachexie cada caillot cair caiu calcaneal calcaneum calcanhar
calcification calcified calcium calcul calculi calculos calculs calculus calf called callus calor
cama camel caminhar camion camosunate camp campo canal cancer cancro candida candidiasis canela
cannabis cannot canoe cansa cansaco cansado cap capable capacidade captopril caquetico car cara
carbamazepine carbuncle carcinoma carcinome cardiac cardiaca cardiaco cardiaque cardiomegalia
cardiomegalie cardiomegaly cardiomyopathie cardiomyopathy care careful carie caries caroco
carpenter carried carro cartilage cas casa case caso cast casualty cat cataflam catana cataract
catarro cateter catheter catheterised catheterized caught causa cause causee caustic caverne
cavernes cavidade cavitacao cavitary cavitation cavite cavities cavity ceci cefaleia cefaleias
cefixime cefotaxime ceftriaxone cefuroxime cego cela celle cellulitis cem central cephalee
cephalees cerebellar cerebral cerebro certains certificate cerveau cervical cervicale cervix
cesariana cesarienne cetirizine chagas chaise chaleur chambre chancre chancroid changes chao chaque
charcoal charm charrette chart chaud chaude chaussure check checkup cheek cheiro chemical chemo
chemotherapy chest chevelu cheveux cheville chewer chewing chews chickenpox chien chikungunya child
childhood chills chimiotherapie chin chirurgical chirurgicale chirurgie chlamydia chloramphenicol
chlorpheniramine chlorpromazine choc choked choking cholecystitis cholera choque chorea choro
christmas chronic chronically chronique church chute chuter cianose ciatica cicatrice cicatriz
cifose cigarettes cikakke ciki cikin cima ciment cimetidine cinco cinq cinquante cinya cipro
ciprofloxacin circulation cire cirrhose cirrhosis cirrhotic cirrose cirurgia ciwo ciwon ciwonkai
ciwonsuga cizo cizon clair clavicle clavicula clavicular clavicule cleft climbing clinic clinica
clinical clinically clinique clofazimine clomid clopidogrel cloque clot club clubbing clubfoot
coagulo coartem cobra coccyx coceira coconut codein codeine coeur coin col cold colera coli colic
colica colique collapse collapsed collapsus college colles collision colo colocacao colonic colonne
coloration colour coluna com coma comateux comatose come comeca comecou comer comes comichao coming
comme commence comminuted communicating como comorbid complaining complains complaint complet
completa complete completed complicacao complication complications complique compressao compression
comprimee conakry concussion condensacao condensant condensation condition conduit confirm
confirmar confirmation confusao confused confusion confuso congenital congenito congestion
congestive conjuntivite connaissance connu connue conscience consciencia conscient consciente
conscious considered consolidation constant constante constate constipated constipation consulta
consultation contact contacto contacts contage contages contexte continuation contracture
contractures contre control controle controlo contusao contusion convulsant convulsao convulsing
convulsion convulsions convulsivo convulsoes cooking copd copieux coq coqueluche cor coracao cord
corda corde corne cornea cornee corpo corps correct corrimento corrosive cortada corte coryza
costale costas costela cote cotes cotonou cotovelo cotrimoxazole cou couche coude cough coughing
could coup courant cours course court courte couteau covid cow coxa coxalgie coxear cpap crachat
crachats crackles crane cranial cranien craniene crawling crepitacoes crepitants crepitation
crepitations crepitus creps crescimento crisis crianca criancas crise crises crocodile croissance
cronica cronico cross crosta crostas croup croute crush crushed crust crusted crying cryptococcal
cryptococcus ct cubitus cuir cuisse curetage currant curto cut cuta cutar cutlass cxr cyanose
cyanosed cyanosee cyanosis cyanotic cyphose cyst cystocele cytotec da dadewa dado daga daidai daily
daji dakar dama danfo dangwal dans daonil dare daren dark dattin daughter daukar dauro dawowa day
daya de deaf debil decede december decembre dechirure decompensation decompensee decreased decubito
decubitus dedo dedos deep default defaulter defeito defense deficit deformation deformed
deformidade deformity degluticao degradation degree dehors dehydrated dehydration deja delamanid
delayed delire delirium delivered delivery demais demande demangeaison demarche dementia dengue
densidade dent dentaire dental dente dentes dentro dents denture denutri denutrition depistage
deplace deplacement depo depois depressed depuis dermatose dernier derniere derrame derrames
derriere des desaturation descente desde deshydrate desidratacao desidratado deslocamento desmaio
desmaiou desnutrido desorientation desoriente despite dessous detected detresse deux devant
developed developpement deviated dexamethasone dextrocardia dez dezembro dia diabete diabetes
diabetic diabetique diagnosed diagnosis diagnostic dialyse dialysis diaphragm diaphragme diaria
diarreia diarreico diarrhea diarrhee diarrhoea diazepam diclofenac died diesel differential
difficulte difficulty diffus diffuse diffuses dificuldade difteria difuso digestif digestiva digit
digitale digoxin dihydrocodeine dimanche diminue diminution diphterie diphtheria diplopia dire
direita direito disability disc discale discharge discharging disease disenteria disfagia disfonia
dislocated dislocation disorder disoriented disparition displaced dispneia dissection disseminated
distal distale distended distensao distension distress disuria dived diversas diverticulum diving
dix diz dizziness dizzy dm docteur doctor doenca doente dog dogon doi doida doigt doigts dois doki
dole doliprane dolorosa doloroso dolutegravir domestic domicile domicilio dominante domingo don
donc done donkey door dor dores dormencia dormir dorsal dorsale dos dosage dots double doubtful
douleur douleurs douloureuse douloureuses douloureux down doxycycline dpoc drain drainage drained
draining drenagem dreno drepano drepanocitose dressing drinker drinks driver drogue droit droite
drooling drowned drowning drowsy dry duas ductus due duk dukan dull dullness dumi duocotexin
duodenal dur dura durable duracao durant durante duration dure dures dureza during duro dusa dust
duwawu dysenterie dysentery dysmenorrhoea dyspepsia dysphagia dysphagie dysplasia dyspnea dyspnee
dyspnoea dyspnoeic dystocia dysurie each ear early easily easter eating eau ebola ebstein ecart
echec echelle echinococcus echographie eclampsia eclampsie ecoulement ecrasement ectopic eczema
edema edemas edente edges efavirenz efferalgan effet effort effusion effusions egalement eight
elargi elbow elective electric electrica electrique electrise electrocuted elevada elevated eleve
elevee eliminer elle emaciated emagrecida emagrecimento emal embauche embolia embolie embolism
embolus emergency emese emetisante emission emocional emphysema emphyseme empiema employment
emprego empyema empyeme en enalapril encefalite enceinte encephalite encephalitis encephalocele
encephalopathy encurtamento endocarditis enfant enfarte enfermaria enfisema enfle enflee
enfoncement enforcamento engasgado engasgo engoliu engorged engourdissement enlarged enlarging
enorme enough enquanto enroue enrouement ensuite entorse entre entree entry enuresis envahissement
environ epais epanchement epaule epigastrica epigastrio epigastrique epilepsia epilepsie epilepsy
epileptic epileptico epileptique episode episodes epistaxis erect erosion erosions erupcao eruption
erysipelas erythema erytheme escada escamas escarre escarro escherichia escoliose escoriacoes
escorregou escura esforco esmagamento esophageal esophagus esotropia especially espinha espontanea
espontaneo esputo esquerda esquerdo essoufflement est estadiamento estado estavel estenose esterno
estomago estranho estreita estridor et etage etat ethambutol etiologie etouffe etranger etranglee
etroite evacuation evacue evaluate evaluation evaluer eveille evening eventuel eventuelle evolution
ewing exame examen examination examine exantema exces excision exclude excluir exercicio exercise
exertional exophthalmos expectoracao expectoration expectorations exploration exploser explosion
exposed exposure extension extensive externa external externe externo extremidade extremite
extremity extubated eye eyelid eyes faca facada face facial faciale factory fadi fadowa faduwa
faible faiblesse failed failure faint fainted fala falciparum fall fallen falling fallot falta
famille family fansidar farfadiya fari farin faringe farko farm farmer fashewa fast fasting fata
fatigue fatigued fausse faux favus faz febre febril febrile february fechada fechado feconde fed
feeding feeds feels feet feldene fell female femme femoral femorale femur ferida feridas ferimento
ferimentos ferro ferrous fersolate fesse fetal fetus feu fever fevereiro fevrier fezes fibrillation
fibroid fibrose fibrosis fibrotic fica fievre fievres fifth figado fight filariasis filariose fille
film fim fin finding fine finger fingers fino fire firewood first fishbone fisherman fissure fist
fistula fistule fit fitness fits fitsari fitting five fixa fixation fixe fixed flagyl flanc flanco
flank flaring flexion floor flou flu fluid fluoxetine foetus fogo foi foie fois folate folic follow
follows followup fonction fonctionnel fonctionnelle fond food foot football footballer for forca
force forceps forearm foreign forme formigueiro fort forte fosse foul four fourmillements fourth
foyer fraco fractura fracture fractures fragile fragment franol fraqueza fratura fraturas frein
frequence frequencia frequent frequente fresh fria friday friend frio frissons froid from front
frontal fruit fuite fuka full fumador fumeur funcional functional furada furosemide further
furuncle fuska gaba gaban gado gadon gaggawa gain gait gajiya galactocele gale galeazzi gallstones
galo game ganglion ganglios gangrene gangrenous gap garcon garde gardener garganta gari gas gases
gashi gastric gastrica gastrique gastroschisis gate gauche gaviscon gawa geignement gemido gencive
gene general generale genexpert gengiva genital genitale genotype genou gentamicin geral germe
gestante gestation getting giardia gibbosite gibbus gida gin girl girls girma give given glands
glass glibenclamide gliclazide glissade glissement globe globuleuse glucophage goat gobara gobe
goiter goitre gold goldmine gonalgie gonfle gonflee gonflement gonorrhoea good gordura gorge gout
goutte gradual gradually graisse grand grasse grave gravid gravida gravidade gravidez gravite
greenish greenstick greeting grele griffure grinder grip gripe grippal grippe griseofulvin groin
gros gross grossesse grosseur grossit groundnut growth grunting guarding gudawa guinea guineaworm
gumi gums gun gunshot gutter gwaiwa gwaji gwiwa gwiwar gyambo gyara gynaecomastia haart habitant
habituel habituelle had hadari hadiye haemarthrosis haematemesis haematoma haemolysis
haemoperitoneum haemophilia haemoptysis haemorrhage haemorrhagic haemorrhoids haemothorax hagu
haihuwa hair hairdresser hajj haka hakarkari hakarkarin haki hakora hakori half hali hallux
haloperidol halothane hamecon hana hanche hanci hand hanji hankali hannu hanta har haraji harbi
harbin hard harmattan harsh has hatsari hatsarin haut having hawan hawanjini haziness hazy hb hbss
head headache headaches heal healed healing hearing heart heaviness heavy heel height hello helmet
help helps hemarthrosis hematemese hematemesis hematoma hematome hematuria hematurie hemiparesis
hemiplegia hemiplegie hemoptise hemoptises hemoptysie hemoptysies hemoptysis hemorragia hemorragie
hemorrhage hemorrhagic hemothorax hemotorax heparin hepatic hepatica hepatique hepatitis
hepatomegalia hepatomegalie hepatomegaly herbal herdsman here hernia herniaire hernias hernie
herpes heure heures hiccups hidrocefalia hier high highly hilar hip hipertensao hipertenso hipoxia
hippo hirschsprung histology historia history hit hiv hoarse hoarseness hodgkin hoe hoje hold hole
home homem homme homolateral hookworm hoping hopital hoquet hora horaire horas horse hospital hot
hoto hoton hour hours house hta huda huhu humeral humero humerus hundred hunter hurt hydarthrose
hydatid hydrocele hydrocephalie hydrocephalus hydrochlorothiazide hydrocortisone hydronephrosis
hydrophobia hydrops hydroxyurea hygiene hyperemesis hyperpigmented hyperpyrexia hypertension
hypertensive hypertensives hyperthermie hyperthyroid hypochromique hypopigmented hypospadias
hypotensive hypothermia hypothermie hypothyroid hypoxia hypoxic hypoxique ibuprofen icc ictere
icteric ictericia icterico icterique icterus idade idan idanu idanun ido idon idosa idoso igbo ihu
ileal ileus iliaque ill image imagem immobile immunocompromised immunodeprime immunoglobulin
imodium impact impacted imperforate impetigo implanon implant important importante impossibilidade
impossibilite impotence impotencia improving in ina inability incapacite incapaz incendie incendio
inchaco inchada inchado incision incomplet inconnu inconnue inconscience inconscient inconsciente
incontinence increase increased increasing index indication indocid indolore indrawing induration
infant infarct infarction infarctus infeccao infectada infecte infected infectee infection
inferieur inferieure inferior infertility infiltrado infiltrat infiltrate infiltrates infiltration
infiltrats infirmier infirmiere inflamed inflammation influenza ingere ingestao ingested ingestion
inguinal inguinale inhalation inhale inhaled inhaler inicio initial injecao injection injured
injuries injury inpatient insect insensivel inserted insertion inside insomnia insomnie insonia
inspect instabilite instability instable instavel insufficiency insuffisance insuficiencia insulin
intact intake intensa intense intensite intensive intenso intermitente intermittent interna
internamento interne interno interval intervention intestinal intestinale into intoxication
intubado intubated intubation intube intussusception invalidante involved irradia irradiant
irradiation irreductible irregular irritable is ischaemic ischemic ischemique iska isoniazid
isquemico itch itching itchy its itself ivermectin jadelle jamais jambe janeiro january janvier
jariri jaundice jaundiced jaune jaw jejum jejunal jelly jerk jeudi jeune jeunes ji jiggers jijiya
jiki jikin jikinsa jikinta jini jinya jiri jiya job joelho joint joue jouet joueur jour jours jovem
juillet juin julho july jumaa jumping june junho junto just juwa juyawa kadan kafa kafada kai kaifi
kaikayi kallo kaluluwa kan kano kansa kanta kaposi karami karaya kare karfe karfi kartagener karya
karye karyewa kasa kasala kasan kashi kashin kaza ke keeps keke keloid kerley kerosene ketamine
ketoprofen khat kick kicked kidney kind kindly kirji kirjin kitchen klebsiella knee knees knife
knock knocked known knuckle koch koda kodayake kola komai kona konewa konkon koren kowa kugu kullum
kumatu kumbura kumburi kumburin kuna kunama kunar kunne kura kuraje kurji kusan kusu kuturta
kwakwalwa kwana kwance kwankwaso kwari kwash kwashiorkor kyanda kyau kyphosis kyphotic kyste labio
labor laborer labour labourer laceration lacerations lactente ladder lado lady lafiya lagos lahadi
lait laka lake lamba lamivudine langue lantus laparotomy laraba largactil large largement largo
laryngite laryngomalacia laryngospasm larynx lasix lassa lasting late lately latente lateral
laterale lateralidade latero latrine laulayi laying leak leaking leaned leda left leg leger legere
legs leite leka lenta lentamente lente lentement lepra lepre leprosy lesao lesion lesionnel lesions
lesoes letargico lethargic lethargique lethargy leukaemia leukemia leukorrhoea leve levofloxacin
levre levres libre libya lidocaine lie lift lifting ligament ligamento ligeira light lightning
lignocaine like likita likitan limb limbs limitacao limp limping line lines linezolid linfoma
lingua lip lipome lips liquida liquide liquido lisfranc lisinopril listeria lit lithiase litiase
litinin little liver living lobaire lobe local locale localised localisee localizada localized
locked locking loge loin lokaci lombaire lombalgia lombalgie lombar lombo lome lonart long longo
longue loose loperamide loratadine lordose lorry lors losartan losing loss lot lourd lourdeur low
lower luette lumartem lumbago lumbar lumiere lump lumps lundi lung lungs lupus luxacao luxation
lying lymph lymphoedema lymphoma lymphome lyse lytic maalox mace machete machette machine machoire
maciji macule macules made mae magani maganin magnesium magnet mahaifa mai main mains maio mais
maison maize majeur majina makero mako makogwaro makon makoshi mal malade maladie maladies malaise
malaria malarone male malformacao malformation malgre malignant maligno malnourished malnutri
malnutricao malnutrie malnutrition maloxine malunion mama maman mamma mammaire mammo man manage
management manca mancar mancha manchas mandible mandibula mandibular mandibule mango manha mannitol
manque manter mantoux many mao mara marasa marasme marasmus marble marburg march marcha marche
marcher marco mardi marfan marijuana marked market married mas masassara mason mass massa massas
masse masses massive mastectomy mastitis mastoid mata matatu maternity matin matite matsala mau
mauvais mauvaise maxilla maxillary may mean means measles measured mecanique meconium mectizan
medecin medecine medial mediane mediastin mediastinal mediastinum medicacao medicado medical
medicals medication medo meds medular meeting meia melaena melena melenas melhora melhoria membrane
membre membres membro membros meme men menina meningism meningite meningitis meningocele menino
menisco meniscus menisque menor menorrhagia menos menstruation mento merci mercredi mere meropenem
mes meses mesmo mesothelioma mesure mesures met metacarpal metal metastase metastases metastasis
metastatic metatarsal meteorisme metformin metoclopramide metrorragie meurtri mialgia microcephaly
microgynon miction mictionnel mictionnelles mictorica micturition middle midwife might migraine
mild miliaire miliar miliary military milk mill mine miner mines mineur minor minute minutes
minutos miscarriage misoprostol missing mitral mixed mixtard mixte mobile mobilite moderada
moderado moderate modere moderee moeda moelle moins mois molaire molar mole mollet molluscum monday
monkey monkeypox monteggia month morbilli mordedura mordeu mordu mordue morgagni morna morning
morphine morsure morsures mort mosque mota mother motif motivo moto motor motorbike motorcycle mou
mouth moves moving moxifloxacin moyen moyenne mpox mri much muco mucocele mucosa mucus mudanca
muito mulher multiparous multipla multiplas multiple multivitamin mumps muqueuse mura murmur
murmure muscle muscles musculaire musculo must mutum mutuwa mva myasthenia mycobacterium myeloma
myocardial na nadega nail nailing nails naloxone naman namiji nan nao narcolepsy nariz nasa nasal
nascer nascimento nasogastric nata nausea nauseas nausees nauyi nauyin navel ne near nearly
necessidade neck neckstiffness necrose necrosis needle needs nefrite nega negatif negative negativo
neighbour nem neman neo neonatal neonatale neonate neostigmine nephrite nephritis nephroblastoma
nephrotic nerve nerves nervo nervosa net nette neuf neuroblastoma neurologico neurologique
neutropenia never nevirapine new next nez niamey nifedipine night nil nine nipple nisan nishi
nivaquine niveau nivel no nocardia nocturna nocturnas nocturne node nodes nodular nodule nodules
nodulo nodulos noir noire noisy noite noma nomad nombre nombreuses nombreux non none nono
nonreactive noon noristerat normal normale normally norwegian nos nose nosebleed not nota notable
note noted nothing notice noticed notion nourrisson nouveau nouvelle nova november novembre
novembro novo now noyade nuca nuit nullipara numb numbness numero numfashi numfashinta nun nuque
nurse nutsewa nystagmus nystatin oap obese obesite obesity obeso objet oblique obrigada obrigado
obstipacao obstipation obstrucao obstructed obstruction obvious occasional occipital occlusion
occupation oclusao october octobre oculaire ocular odynophagia oedema oedeme oedemes oeil
oesophageal oesophagus of offensive office often ogogoro okada old older olecranon oleo olho
oligohydramnios ombilic ombilical ombro ombros omi omoplate omphalocele on once ondansetron onde
one ongle ongoing only onset ontem op opacidade opacite opacites opacities opacity opd open opened
operada operado operated operation operative opere opereee opisthotonus oral orale orbit orbital
orbite order oreille oreilles oreillons orelha organophosphate orgao orl orphan ors orteil orteils
orthopaedic orthopnoea os ossea osseuse osseux osso ossos osteite osteo osteoarthritis osteomielite
osteomyelite osteomyelitis osteopenia osteosarcoma other otite otorrhoea ouagadougou out outpatient
output outra outro outside outubro ouvert ouverte ouvido ouvidos ovarian ovary over own oxygen
oxytocin paciente pack paeds pain painful paining pains pale paleur palidez pallor palm palpable
palpavel palpebra palpitacoes palpitation palpitations palsy palu paludisme paludismo panadol
panaris pancreas pancreatitis pancytopenia pansement panturrilha papeira papulas papule papules
para paracetamol paragonimus paralisia paralyse paralysed paralysee paralysie paralysis paraparesis
paraplegia paraplegie paraquat parede parents parfois parietal parle parler paroi parole paronychia
parotidite parte partial partida partie partielle parto passada passado passage passageiro passager
passe passenger past patch patches patela patella patellar patient patiente paume paupiere pauvre
pe peanut peao peau pedal pedestrian pedra peeling peito peitoral pela pele pellagra pellet pelo
pelve pelvic pelvis pemphigus pen pendaison pendant penetrante penetrating penible penicillin
penile penis peptic pequena pequeno per percussion perda perdeu perforated perforation perforee
perfuracao perianal pericardial pericardite pericarditis perihilar perine perineal periosteal
peripherique peritonite peritonitis permanent permanente perna pernas perone persistance persistant
persistante persistent persistente persists perte perthes pertussis pes pesada pescoco peso pessary
petechiae pethidine petrol petrole peu phalanges phalanx phase phenergan phenobarb phenobarbital
phenytoin phlegmon photophobia physio physiotherapy physique pica picada pico piece pied pieds
pieira pieton pig pigtail pile piles pilgrim pilha pills pilon piora piqure piriton pirogue
piroxicam piste pit placa place placed placement placenta plague plaie plaies plaint plan plane
planned plantar plante plaque plaques plasmodium plaster plate plating platre platypnoea play
playing please plein pleine pleura pleural pleurale pleuresie pleurisia pleurisy pleuritic pleurs
pli plie pls plus plusieurs pneumo pneumocystis pneumologia pneumomediastinum pneumonia pneumonie
pneumonitis pneumopathie pneumoperitoneum pneumothorax pneumotorax poderia poids poignet poignets
point pointe poison poitrine poliartralgia policeman polio poliomielite politraumatizado poly
polyarthralgie polydactyly polyhydramnios polyp polypneique polytraumatise polytraumatisme ponction
ponto poor por porphyria porque porridge porta porte pos posicao positif position positions
positive positivo possible possivel post poste posterior postictal postinor postop postoperative
postoperatoire posture potassium pott pouca pouce pouco pouls poumon poumons ppd praia pratique
praziquantel pre precedent preciso precoce prednisolone predominant preeclampsia preemployment
prega pregnancy pregnant prematurity prematuro premier premiere prend prende prendre preop
preoperative preoperatoire preschool prescrit presenca presence presentant presente presenting
presents pression pressure preta previous previously prevoir primaire primary primeira primeiro
principal prior prison prisoner probable problem problema probleme procedure productive produtiva
proeminente profenid profond profonde profunda progressif progressiva progressive progressivement
projectile prolapse prolapsed prolapso prolapsus prolongada prolonge prolonged prolongee
promethazine propofol propranolol prostata prostate prostatic prostration prothese prothetique
provavel proximal prurido prurit pruritus psoriasis psychique ptb puerperium puffiness puis pulled
pulmao pulmonaire pulmonale pulmonar pulmonary pulsatil pulsatile pulse pulso pump puncao punho
pupille purpura purulent purulenta purulento pus pushed pustulas pustule pustules pyloric pyoderma
pyosalpinx pyrazinamide quadrant quadrante quadril quadriplegia quadro quando quanto quarante
quarry quart quarta quase quatre quatro que quebrada queda queimadura queixa queixas quelque
quelques quente query question quick quickly quimioterapia quinine quinsy quinta quinte quisto
quite rabid rabies rabin raccourcissement rachidien rachis rachitisme radial radiating
radiculopathy radio radiographie radiotherapy radius rage rago raideur rained raised raiva raki
rales rama ramadan rami ramipril ran rana range ranitidine ranula raped rapid rapida rapide
rapidement rapido raquitismo rash rashes rashin rastreio rauni raunuka reaccao reaction reactive
read reason recebeu recent recente reception recession recherche rechute recidiva recidive
recorrente recovered recovering rectal rectocele rectorragie recu recurrent red reducao reduced
reduction reduite refer refere referida referral referred refill reflux refugee refus refused
refusing regards regiao regime regimen region regular regulier regurgitation rein reintubated
relapse relapsed releve relieved remonte removal remove removed renal renale rendu renseignement
renseignements rentre repair repeat repeated replaced replacement report repos repouso reprise
request require required residual resistance resistencia resp respi respira respirar respiratoire
respiratoria respiratorio respiratory respond rest restless restricted result resultat results
resus retained retard retencao retention retinoblastoma reto retour retraction retractions
retratamento retreatment retroesternal retroviral reumatismo reveil revenu review reviewed
rhabdomyosarcoma rheumatic rhinite rhonchi rhumatisme rhze rib ribs rickets rider rifampicin
rifapentine riga right rigid rigide rigidez rigidite rigors rike rim ringers ringworm rins rise
river rixe road robe rocephine roncos ronflant ronflants roof room rosto rotated rotation rotule
rotura rouca rouge rougeole rougeur roundworm rouquidao route routine rpc rpm rta rubella rule run
running ruptura rupture ruptured ruwa rx sabado sable sabo sabon sac sachet saco sacral sacre
sacree sacro sacrum safe safetypin said saida saifa saigne saignement saignements saillie sain
sakamako sake salbutamol saliva salivation salive salle salmonella salpingite salto sama same
samedi sample samun sang sangra sangramento sangrenta sangue sanguinolenta sankarau sannu sans
sante sanyi sanyin sao sara sarampo sarcoma sarcome sare sarka sarna sashe sassauci sat sati
satisfaisant saturday sau saukar sauki saukin saw sawmill sawu scab scabies scaffold scaffolding
scald scaling scalp scaly scan scanner scaphoid scapula scapular scar scars scd scheduled
schistosomiasis school sciatalgie sciatica sciatique scleroderma sclerotic scolaire scoliose
scoliosis scoliotic scooter scorpion scratch scratching screening screw scrotal scrotum scurvy
seamstress sec seca seche second secondaire secrecao secrecoes secretion section sedated see seed
seen segue seguimento segunda segundo sein seio seizure seizures sella selle selles sem semble semi
sensacao sensation sensibilidade sensibilite sensible sepsis sept september septembre septic
septicaemia septicemia septicemie septico septique septrin septum sequelae sequelle sequelles
sequestre sequestrum serial series serieux seriously seropositivo serosa serpent serre service sete
setembro seul seule severa several severe severo sex sexe sexo sexta sexual sha shadow shadowing
shafa shaka shaking shakuwa shan shanyewar sharp shawara she shekara shekaranjiya shekaru
shekarunta shi shida shift shifted shiga shigar shigella shimfida shin shingles shisha shivering
shock shoe shoes short shortened shortening shortness shot shoulder show showing shows shrapnel si
sibilants sibilos sick sickle sickler side sided siege siffle sifflements sign signe signes signs
sikari sikila similar simple simples simvastatin sinais since sincope single sintoma sintomas sinus
sinuses sir sit site sitting situation situs six size sjogren skin skull sleep sleeping slight
slightly sling slipped slow slowly slurred small smallpox smear smells smelly smith smoker smokes
smoking snake sniper snuff so sob sobre social soda sofreu sofrimento soft soins soixante soldier
sole solucos some somnolence somnolent sonda sonde sonolencia sonolento soon sopro sore sores sort
sortie sosai soterramento soudain soudaine souffle souffrance souffrant soulagement sound sounds
soup sous spasfon spasm spasme spasticity speak speaking special specialiste specimen speech spider
spilled spina spinal spine spiral spironolactone spleen splenectomy splenic splenomegalie
splenomegaly splint splinter split spondylitis spondylolisthesis spondylosis spontanee sportif
sprain spread sputum squames squint ss stab stabbed stable stade stadium stage staging stairs
standard standing staphylococcus start started station status steady steam stenose stenosis stepped
sterility sternal sternum stick stiff stiffness still stillbirth stomach stone stones stool stools
stop stopped stowaway strabisme strabismus straight strain strange strangulated strength
streptococcus streptomycin stresse stridor stroke strongyloides struck structure stuck student
study stye sua suave subaigu subcutanea subit subita subite subito subject subluxation such sucre
sudden sudorese sueurs suga sugar suicide suintement suite suivi suka sukan suma suna sunday sunken
suores superficial superieur superieure superior supin suporte support suppuration suppuree supra
supracondylar suprapubic sur surcharge surface surgery surgical suspect suspected suspeita suspeito
suspicion suturada suture sutured suxamethonium swallow swallowed swallowing sweats swelled
swelling swellings swing swollen sympathique symptom symptome symptomes symptoms syncope syndrome
syphilis systemic ta taba tabac tabagique tabagisme tache tachycarde tachycardia tachycardic
tachypneic tachypnoea tachypnoeic taenia tafin tafiya tailor taimako taka taken taking talata
talipes talk talon tambem tamowa tamponade tana tanker tanzol tapped tapping taquicardia taquipneia
tarar tarde tardive targade tari tarin tarinfuka tasse tausa taux taxi tb tea teacher tear tearing
teeth tegretol teigne teint telhado tem temperature tempo temporal temps ten tendao tender
tenderness tendon tenesmus tenofovir tense tension teratoma terca terco terme terminal terrain
terre test testa teste testes testicle testiculaire testicule testiculo testis tetano tetanos
tetanus tetany tete tetracycline than thank thanks that the theatre their then theophylline there
these they thigh thing think third this thoracic thoracique thorax thorn those though three throat
thrombocytopenia thrombose thrombosis through thrown thrush thumb thursday thymoma thyroid thyroide
thyroidectomy tibia tibial tifoide tight time tinea tingling tinha tinnitus tirage tiragem tired
tiro tiroide tiroideia tissu tissue tiyata tiyatar to tobacco toda today todo toe toit tombe tombee
tongue tonight tonsil tonsils tontura tonturas too took tooth toplexil toracica toracico torax
torcao torn tornozelo torsion torticollis toshewa tosse total totale touch touche toujours tousse
tousseur tout toute toutes toux towards toxic toxica toxique toxoplasmosis toy trabalho trachea
tracheal tracheomalacia tracheostomy traction tractor trader traffic trafic train trainante
traitement tramadol tramol tranexamic transfer transfert transfusion transito transverse trapped
traqueia tratamento trauma traumatique traumatise traumatisme traumatismo travail travel travers
treatment tree tremblement tremor tremores trente tres trial trichomonas trichuris tricycle tried
trismus trois trombose trompa tronc tronco trop trotro trou trouble troubles truck truncus trunk
try trypanosomiase tsaga tsakanin tsakuwa tsanani tsawon tsaye tsoka tsoro tsutsa tsutsotsi tube
tuberculeux tuberculose tubes tubo tubular tuesday tuki tumbi tumefacao tumefaccao tumefaction
tumeur tumeurs tumor tumorale tumores tumour tun tunani turawa turn turned tushe twin twisted two
tympan type typhoid typhoide typhus uku ukun ulcer ulcera ulcerada ulcerante ulcerated ulceration
ulcere ulceree ulcers ulna ulnar ultima ultimo ultrasound umbilical umbilicus unable unbooked
unconscious under undermined undisplaced unequal unha unidentified unilateral unique unit unite
united unknown unstable until unwell upon upper uraemia uremia urethra urgence urgences urgencia
urgent urgente urgently urina urinaire urinaires urinar urinaria urinary urination urine urines
urosepsis urticaria us use used using usual utente uterin uterine utero uterus vaca vaccin vaccine
vagina vaginal vaginale valgum valproate valve valvular varice varicela varicella varicelle varices
varicocele varicose variole variz varizes varum vascular vaso vehicle veia veille vein veine veines
veins velha velho velo vendredi venous ventilado ventilated ventilator ventile ventolin ventral
ventre ventricle ventricles verdatre verdatres verde vermelha vermelho vermox vers vertebra
vertebral vertebre vertige vertigem vertiges vertigo very vesicle vesicles vesicula vesiculaire
vesiculas vesicule vesicules vessel vessie vez vezes via viagem viande vie vieil vieux view vih
vingt violent violente viper viral virale virilha visa visage visao visible vision visit visite
visivel vista visual vitamin vite vitesse vitiligo vitima viva vivax voice voie voies voiture voix
volontaire volta voltaren volume volumineux volvulus vomissement vomissements vomit vomited
vomiting vomito vomitos vomits voz vraiment vue vulva wahala waist wajen wake walk walked walking
wall wani wannan want ward warfarin warm warts warty was wasp waste wasted wata watan water waya
weak weakness wearing wednesday weed week weeks weight welder welding well were wet what wheals
wheeze wheezing wheezy when where which while whistle white whitish whitlow who whole whose why
wilms window wine wire wish with withdrawn within without woman womb worm worms worn worse worsened
worsening worst would wound wounds wrist wrong wuce wuka wurin wuta wutar wuya x xerophthalmia
xpert xray ya yaduwa yam yana yanka yankan yankewa yanzu yara yarinya yaro yatsa yau yawa yawan
yaws year years yellow yellowish yes yesterday yeux yi yini younger yunwa zafi zafin zama zango
zargi zawo zazzabi zentel zidovudine zika zinc zinnat zithromax zona zone zoster zubar zubewa
zuciya zufa zurfi
`);

/** @param {string} text */
function words(text) {
  return new Set(text.trim().split(/\s+/u));
}
