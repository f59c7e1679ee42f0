/**
 * Names, and words of captions that are no names, in lower case and without accents.
 *
 * The bot's own lists (`bot/captions/*.txt`); a test holds them alike. Fetched with the first caption.
 */

export const names = words(`
abba abdou abdoul abdoulaye abdul abdulai abdullahi abena abiba abubakar adama adamu addo adebayo
adele adeola adeyemi adjoa adjoua adjovi adwoa afi afiwa afua agnes agyeman ahmadou ahmed aicha
aisha aissa aissata aissatou akosua akua alassane alhassan ali alioune alou ama amadou amaka amara
amina aminata aminatou amos ana andre andrew antonia antonio appiah asante assane assetou assitan
awa ayisha babacar bakary bala balde balogun bamba bangoura barry bashir beatrice bello binetou
binta bintou blessing boateng boubacar boukary brahima camara carlos cecile cecilia cheikh chidi
chinedu chinyere chioma christine chukwu cisse conde correia coulibaly coumba dabo daniel danjuma
daouda david deborah demba dembele diabate diagne diakite diallo diarra diatta dieng diop diouf
djalo djeneba djibril doe domingos dorcas drame ebrima efua elijah elizabeth embalo emeka emmanuel
esther eze fanta fati fatim fatima fatimata fatou fatoumata fatu faye felicia fernandes fernando
florence fofana folake francisca francois funmi gabriel garba gaye gomes gomis grace gueye habiba
haddy hadiza halima hamidou hannah haoua hassan hauwa hawa housseini ibrahim ibrahima idris idrissa
ifeanyi ifeoma isa isaac isabel ismaila issa issouf jacob jacques jalloh jallow james janet jean
jeanne joana joao john jose joseph joshua kaba kabore kadiatou kadidia kamara kanyi kebe keita
kelechi khadidiatou khadija khady koffi kofi kojo komla konate kone kossi kouadio kouakou kouame
kouassi kouyate kwabena kwadwo kwaku kwame kwasi kweku ladi lamin lamine lassina lawal luis maiga
malik mamadou mamady mamane manuel maria mariam mariama mariame mariatou marie marieme martha mary
matthew mbaye mendes mensah mercy michael michel modou mohamadou mohamed mohammed mory moses
mouhamadou moussa muhammad muhammadu murtala musa mustapha nafi nana nasiru ndeye ndiaye ndour ngozi
nhaga niang nkrumah nnamdi nneka nwosu obi obinna okafor okeke okonkwo okoro oluwaseun omar ouattara
ouedraogo oumar oumou oumy ousmane owusu paul paulo pedro penda pereira peter philip philippe pierre
rabi rabiu rachel rahila rakia ramatou ramatoulaye rebecca rokia ruth sadiq safiatou saidou salamata
salif salifou salimata salisu samba samuel sanca sani sankara sanogo sanou sarah sarr sawadogo seck
segun sene seydou seynabou shehu sidibe sidiki silva simon simpore sissoko solomon soro souleymane
sow stephen sulaiman sule sylla tandia tanoh tavares tchalla teresa therese thiam thomas tidiane
toure traore tunde uche uchenna umar umaru usman victoria wade yacouba yahaya yakubu yao yaw yaya
yetunde yusuf zainab zainabu zeinab zongo
`);

export const known = words(`
a aa abces abcesso abdomen abdominais abdominal abdominale abidjan abinci abnormal abondant abord
abrasion abrasions abril abscess absent abu abuja acamado acces accident accompagne accra accru
acetaminophen acidente acima acompanhamento acordado actively actuel actuelle acute adenomegalia
adenomegalias adenopathie adenopathies adenopatia adherence admis admission adolescent adresse adult
adulte adulto aerienne afb affaiblissement afraid africa afta after afternoon again age agee agitado
agitation ago agora agosto agresse agressee agression agua aguda agudo aide aigu aigue aigues aiki
ailes ainsi air airway ajuda alergia alert algia alguma alguns alimentation alite alitee alivio all
allah allergie alors alta alteracao alteracoes alteration altere altered altura always amai
amaigrissement ambos ambulatoire amelioration amenorrhee amo amoxicillin amoxicilline ampicillin
ampoule amputacao amputated amputation amygdalite an ana anaemia anal anca ancas ancien ancienne
anciennete and anel anemia anemie angine angustia animal ankle annee annees ano anorexia anorexie
ans antebraco antecedent antecedents antenatal anterieur anterior antes antigo anuria anxious ao
aorta aos aout ap apendicite aphte apical apnees apos apparition appendicectomie appendicite
appendicitis appendix appetite apporte apres april aquoso ar arm arma arme arms arranhao arrepios
arrest arret arriere art artemether artesunate arthritis articulacao articulacoes articulaire
articular articulation articulations arv as ascite ascites asibiti asleep asma asmatica aspect
aspiration assault assaulted assess assintomatico assistencia association asthenie asthma
asthmatique asthme asymptomatique at ate atelectasie atras atraumatique atropelado atropelamento ats
att attack atteinte attelle attempt attended aucun aucune augmentin august aumentada aumento aureus
ausente aussi autour autre avait aval avaliacao avaliar avant avc ave avec avoir avp avril aware
axila ayant azia ba ba'a babba babur baby bacia back bactrim bag bagged bai bain baixa baixo baki
balle bamako banda bandage bande banho bari barka barrel barriga barulho bas basal base basir
basithoracique bassin bater bath batida battement baya bayan bcg beaucoup bebe because bed bedside
been before began behind being belle belly below bem bennett best better between bexiga bicicleta
bien bike bilan bilateral bilaterale biopsia biopsie birth bisa bissau bite bitten biyar biyu bk
black blanc bleeding bleeds blesse blessee blessure blind block blocked blood blunt blurred boa boas
boca body boi boil boils boire bois boiterie bolsa bom bon bone bonjour bonne bonsoir borda bosse
both bottle bouche bouton boutons bowel boys bpco brachial brachiale braco branca branco bras breast
breath breathing breathless breathlessness bronchiolite bronchiolitis bronchite bronchitis
broncoespasmo bronquiolite bronquite bruise bruised bruises brulant brulee brulure brusca brutal
brutale bruyante bugu bugun bulging bullet burkitt burn burning burns bus bushewa but buttock bututu
ca cabeca cabinet cachexia cachexie cada caillot cair caiu calcanhar calcul calf called calor cama
caminhar camion campo canal cancer cancro canela cannot cansa cansaco cansado capable capacidade car
cara cardiac cardiaca cardiaco cardiaque cardiomegalia cardiomegalie cardiomegaly care careful carie
carried carro cas casa case caso catarro catheter caught causa cause causee cavite cavity ceci
cefaleia cefaleias ceftriaxone cego cela celle cellulitis cem central cephalees cerebral certains
cervical cervicale cervix cesariana cesarienne chaise chaleur chambre changes chao chaque charcoal
charm charrette chart chaud chaude chaussure check cheek cheiro chemical chest cheveux cheville
chien child childhood chills chin chirurgical chirurgicale chirurgie choc choking choque choro
chronic chronically chronique chute chuter cianose cicatrice cicatriz cikakke ciki cikin cima ciment
cinco cinq cinquante circulation cire cirrhose cirrose cirurgia ciwo ciwon cizo cizon clair clavicle
clavicula clavicule cleft climbing clinic clinica clinical clinically clinique clot club clubbing
coagulo coartem cobra coceira coeur coin col cold coli colic colica colique collapse college colles
colo colonne coloration colour coluna com coma come comeca comecou comer comes coming comme commence
communicating como comorbid complaining complains complaint complet completa complete complicacao
complication complications complique compressao compression comprimee conakry concussion condition
conduit confirm confirmar confused confusion confuso congenital conjuntivite connaissance connu
connue conscience consciencia conscient consciente conscious considered consolidation constant
constante constate constipation consulta consultation contact contacto contexte contracture
contractures contre control controle controlo contusao contusion convulsant convulsao convulsion
convulsions convulsivo convulsoes copd copieux coq coracao cord corda corde corne corpo corps
correct corrimento corrosive cortada corte costale costas costela cote cotonou cotovelo
cotrimoxazole cou couche coude cough coughing could coup courant cours course court courte couteau
covid coxa coxalgie cpap crachats crackles crane cranien craniene crawling crepitants crepitations
creps crescimento crianca criancas crise crises croissance cronica cronico cross crostas crush
crying ct cuir cuisse curetage curto cut cuta cutar cxr cyanose cyanosed cyanosee cyanosis cyst da
dadewa dado daga daidai daily daji dakar dama dangwal dans dare daren dark dattin daughter daukar
dawowa day daya de deaf debil decede december decembre dechirure decompensation decompensee
decreased decubito decubitus dedo dedos deep defeito defense deficit deformation deformed
deformidade deformity degluticao degradation degree dehors dehydration deja delayed delire delivered
delivery demais demande demangeaison densidade dentaire dental dentes dentro dents denutrition
depistage deplace deplacement depois depressed depuis dermatose dernier derniere derrame derrames
derriere des desaturation descente desde desidratacao desidratado deslocamento desmaio desmaiou
desorientation despite dessous detected detresse deux devant developed developpement dexamethasone
dez dezembro dia diabete diabetes diabetic diabetique diagnosed diagnosis diagnostic diaphragm
diaphragme diaria diarreia diarreico diarrhee diarrhoea died differential difficulte difficulty
diffus diffuse diffuses dificuldade difuso digestif digestiva digit digitale dimanche diminue
diminution dire direita direito disability discharge discharging disease disfagia disfonia
dislocation disorder disparition dispneia distal distale distensao distension distress disuria
diversas dix diz dizziness dizzy dm docteur doctor doenca doente dogon doi doida doigt dois doki
dole dolorosa doloroso domestic domicile domicilio dominante domingo don donc done dor dores
dormencia dormir dorsal dorsale dos dosage dots double doubtful douleur douleurs douloureuse
douloureuses douloureux down dpoc drain drained draining drepanocitose droit droite drowsy dry duas
due duk dukan dull dumi dur dura durable duracao durant durante duration dure dures dureza during
duro duwawu dysphagia dysphagie dyspnea dyspnee dyspnoea dysurie each ear early easily eating eau
ecart echec echographie eclampsie ecoulement ecrasement edema edemas edente effet effort effusion
effusions egalement eight elargi elbow elective electric electrica electrique elevada elevated eleve
elevee eliminer elle emaciated emagrecida emagrecimento emergency emese emetisante emission
emocional emphysema emphyseme employment empyema en enceinte enfant enfermaria enfisema enfle enflee
enfoncement engoliu engorged enlarged enlarging enorme enough enquanto ensuite entorse entre entree
entry envahissement environ epais epanchement epaule epigastrica epigastrio epigastrique epilepsie
episode episodes epistaxis erect erosion erupcao eruption erytheme escarre escarro escherichia
escoliose escoriacoes escorregou escura esforco esophagus especially espinha espontanea espontaneo
esputo esquerda esquerdo essoufflement est estado estavel estenose esterno estomago estranho
estreita estridor et etage etat ethambutol etiologie etranger etroite evacuation evacue evaluate
evaluation evaluer eveille evening eventuel eventuelle evolution ewing exame examen examination
examine exantema exces exclude excluir exercicio exercise exertional expectoracao expectoration
expectorations exploration exploser explosion exposed exposure extensive externa external externe
externo extremidade extremite extremity extubated eye eyelid eyes faca facada face facial faciale
fadi fadowa faduwa faible faiblesse failed failure fainted fala falciparum fall falling falta
famille family fari farin faringe farko fashewa fast fasting fata fatigue fatigued faux faz febre
febril february fechada fechado feconde fed feeding feeds feels feet fell female femme femoral
femorale femur ferida feridas ferimento ferimentos ferro fetal fetus feu fever fevereiro fevrier
fezes fibroid fibrose fibrosis fica fievre fievres fifth figado fight fille film fim fin finding
fine finger fingers fino first fist fistula fistule fit fits fitsari five fixa fixation fixe fixed
flanc flanco flank flexion floor flu fluid foetus fogo foi foie fois follow follows fonction
fonctionnel fonctionnelle fond food foot football footballer for forca force forceps forearm foreign
forme fort forte fosse four fourth foyer fraco fractura fracture fractures fragile fragment fraqueza
fratura frein frequence frequencia frequent frequente fresh fria friday friend frio frissons froid
from front frontal fruit fuite fuka full fumador funcional functional furada furosemide further
fuska gaba gaban gado gadon gaggawa gain gajiya gale galeazzi galo game ganglion ganglios gangrene
gangrenous gap garcon garde garganta gari gas gases gashi gastric gastrica gastrique gauche gawa
gemido gene general generale genexpert genital genitale genotype genou gentamicin geral germe
gestante gestation getting gida girl girls girma give given glands glissade glissement globe
globuleuse goat gobara gobe goitre gonalgie gonfle gonflee gonflement good gordura gorge gout
gradual gradually graisse grand grasse grave gravida gravidade gravidez gravite greenish greeting
grele griffure grip gripe grippal grippe groin gros gross grossesse grossit groundnut growth
grunting guarding gudawa gums gun gunshot gwaji gwiwa gwiwar gyambo gyara haart habitant habituel
habituelle had hadari hadiye haematemesis haemoptysis hagu haihuwa hair haka hakarkari hakarkarin
hakori half hali hallux hana hanche hanci hand hanji hankali hannu hanta har haraji harbi harbin
hard harsh has hatsari hatsarin haut having hawan hb hbss head headache headaches heal healed
healing heart heaviness heavy heel height hello helmet help helps hematemese hematoma hematome
hematuria hematurie hemiplegia hemiplegie hemoptise hemoptises hemoptysie hemoptysies hemoptysis
hemorragia hemorragie hepatica hepatique hepatomegalia hepatomegalie hepatomegaly herbal here hernia
herniaire hernie heure heures hiccups hier high highly hip hipertensao hipertenso historia history
hit hiv hoarse hoarseness hodgkin hoje hold hole home homem homme homolateral hoping hopital hora
horaire horas hospital hot hoto hoton hour hours house hta huda huhu humero humerus hundred hurt
hydarthrose hydrocele hygiene hypertension hypertensive hypertensives hyperthermie hypothermie
hypoxia icc ictere ictericia idade idan idanu idanun ido idosa idoso ihu iliaque ill image imagem
immobile impact impacted implant important importante impossibilidade impossibilite impotence
impotencia improving in ina inability incapacite incapaz inchaco inchada inchado incision incomplet
inconnu inconnue inconscience inconscient inconsciente increase increased increasing index
indication indolore infant infeccao infectada infecte infected infectee infection inferieur
inferieure inferior infertility infirmier infirmiere inflamed inflammation ingestao ingested
ingestion inguinal inguinale inhalation inhaled inhaler inicio initial injecao injection injured
injuries injury inpatient insertion inside inspect instabilite instability instable instavel
insuffisance insuficiencia insulin intact intake intensa intense intensite intenso intermitente
intermittent interna internamento interne interno interval intervention intestinal intestinale into
intoxication intubated intubation invalidante involved irradia irradiant irradiation irreductible
irregular irritable is iska isoniazid itching its itself jamais jambe janeiro january janvier jariri
jaundice jaune jaw jejum jerk jeudi jeune jeunes ji jijiya jiki jikin jikinsa jikinta jini jinya
jiya job joelho joint joue jouet joueur jour jours jovem juillet juin julho july jumping june junho
junto just juwa juyawa kadan kafa kafada kai kaifi kallo kan kano kansa kanta kaposi karami karaya
karfe karfi karya karyewa kasa kasan kashi kashin kaza ke keeps kick kicked kidney kind kindly kirji
kirjin klebsiella knee knocked known koch koda kodayake komai kona konewa konkon koren kowa kugu
kullum kumbura kumburi kumburin kuna kunar kunne kura kuraje kurji kusan kusu kwana kwance kwankwaso
kwari kwashiorkor kyau kyphosis kyste labio labor labour laceration lacerations lactente lado lady
lafiya lagos lait laka lamba langue large largement largo laryngite larynx lasix lasting late lately
latente lateral laterale lateralidade latero laulayi laying leak leaking leaned leda left leg leger
legere legs leite leka lenta lentamente lente lentement lesao lesion lesionnel lesions lethargic
lethargy leve levre levres libre lie lift lifting ligament ligamento ligeira light like likita
likitan limb limitacao limp line lingua lipome lips liquida liquide liquido lisfranc lit little
liver living lobaire lobe local locale localised localisee localizada localized locked locking loge
lokaci lombaire lombalgia lombalgie lombar lombo lome long longo longue loose lordose lors losing
loss lot lourd lourdeur low lower luette lumiere lump lumps lundi lung lungs luxacao luxation lying
lymph mace machete machette machine machoire maciji made mae magani maganin mahaifa mai main mains
maio mais maison majeur majina mako makogwaro makon makoshi mal malade maladie maladies malaise
malaria male malformacao malformation malgre malignant maligno malnutri malnutricao malnutrie
malnutrition malunion mama maman mamma mammaire man manage management manca manchas mandibula
mandibular mandibule manha manque manter many mao mara marasa march marcha marche marcher marco
mardi marfan marked married mas mass massa massas masse masses massive mastitis mata matin matsala
mau mauvais mauvaise may mean means measles measured mecanique medecin medecine medial mediane
mediastin mediastinum medicacao medicado medical medication medo meds medular meeting meia melena
melhora melhoria membrane membre membres membro membros meme men menina meningite meningitis menino
menisque menor menos menstruation mento merci mercredi mere mes meses mesmo mesure mesures met metal
metastase metastases metastasis meteorisme metformin meurtri mialgia miction mictionnel
mictionnelles mictorica micturition middle might mild miliary military milk mine mineur minor minute
minutes minutos miscarriage missing mixed mixte mobile mobilite moderada moderado moderate modere
moderee moeda moelle moins mois molaire mole mollet monday monteggia month mordedura mordeu mordu
mordue morna morning morsure morsures mort mota mother motif motivo moto motor motorbike mou mouth
moves moving moyen moyenne mri much muco mucosa mucus mudanca muito mulher multiparous multipla
multiplas multiple muqueuse murmur muscle muscles musculaire musculo must mutum mutuwa mva
mycobacterium na nadega nail nails naman namiji nan nao nariz nasa nasal nascer nascimento
nasogastric nata nausea nauseas nausees nauyi nauyin ne near nearly necessidade neck necrose needs
nega negatif negative negativo neighbour nem neman neo neonatal neonatale neonate nerve nerves nervo
nervosa net nette neuf neurologico neurologique never new next nez niamey night nil nine nipple
nisan niveau nivel no nocturna nocturnas nocturne nodes nodule nodules nodulo nodulos noir noire
noisy noite nombre nombreuses nombreux non none nono noon normal normale normally nos nose nosebleed
not nota notable note noted nothing notice noticed notion nourrisson nouveau nouvelle nova november
novembre novembro novo now nuca nuit numb numbness numero numfashi numfashinta nuque nurse oap
obesite objet obrigada obrigado obstipacao obstrucao obstructed obstruction obvious occasional
occipital occlusion occupation october octobre oculaire ocular oedema oedeme oedemes oeil oesophagus
of office often okada old older olecranon oleo olho ombilic ombilical ombro ombros omi on once onde
one ongle ongoing only onset ontem op opacidade opacite opacity opd open opened operada operado
operated operation operative opere opereee oral orale orbit orbite order oreilles orelha orgao orl
orteil orteils orthopaedic orthopnoea os ossea osseuse osseux osso ossos osteo osteomielite
osteomyelitis other otite ouagadougou out outpatient output outra outro outside outubro ouvert
ouverte ouvido ouvidos ovary over own oxygen paciente pack pain painful paining pains pale paleur
palidez pallor palm palpable palpavel palpitacoes palpitation palpitations palu paludisme paludismo
panaris pancreas pansement panturrilha papule para paracetamol paralisia paralyse paralysed
paralysee paralysie paralysis paraplegia paraplegie parede parents parfois parle parler paroi
parotidite parte partial partida partie partielle parto passada passado passage passe past patch
patela patella patient patiente pe peau pedal pedra peito peitoral pela pele pelo pelve pelvic
pelvis pendant penetrante penetrating penible penicillin penis peptic pequena pequeno per perda
perdeu perforation perforee perfuracao perianal pericardite perine perineal peripherique peritonite
permanent permanente perna pernas persistance persistant persistante persistent persistente persists
perte pes pesada pescoco peso pessary peu phlegmon physio physiotherapy physique picada pico pied
pieds pigtail pills pilon piora piqure piste placa place placed placement plaie plaies plaint plan
planned plantar plante plaque plasmodium plaster plate platre play playing please plein pleine
pleura pleural pleurale pleuresie pleuritic pleurs pli plie pls plus plusieurs pneumo pneumologia
pneumonia pneumonie pneumopathie pneumothorax pneumotorax poderia poids poignet poignets point
pointe poison poitrine poliartralgia poliomielite politraumatizado poly polyarthralgie
polytraumatise polytraumatisme ponction ponto poor por porque porta porte pos posicao positif
position positions positive positivo possible possivel post poste posterior postop postoperatoire
posture pott pouca pouco pouls poumon poumons praia pratique pre precedent preciso precoce
prednisolone predominant prega pregnant prematuro premier premiere prend prende prendre preop
preoperatoire preschool prescrit presenca presence presentant presente presenting presents pression
pressure preta previous previously prevoir primaire primary primeira primeiro principal prior
probable problem problema probleme procedure productive produtiva proeminente profond profonde
profunda progressif progressiva progressive progressivement projectile prolapse prolapso prolapsus
prolongada prolonge prolonged prolongee prostate prostration prothese prothetique provavel proximal
prurido prurit psychique ptb puffiness puis pulled pulmao pulmonaire pulmonar pulmonary pulsatil
pulsatile pulse pulso pump punho purulent purulenta purulento pus pushed quadrant quadrante quadril
quadriplegia quadro quando quanto quarante quart quarta quase quatre quatro que quebrada queda
queimadura queixa queixas quelque quelques quente query question quick quickly quinine quinta quinte
quisto quite rabin rachidien rachis radial radiating radio radiographie radius rago rained raki
rales rami ran rana range rapid rapida rapide rapidement rapido rash rashin rastreio rauni raunuka
reaccao reaction read reason recebeu recent recente reception recherche recidive recorrente
recovered recovering rectal rectorragie recu recurrent red reducao reduced reduction reduite refer
refere referida referred refill refus refused refusing regards regiao regime region regular regulier
regurgitation rein relapse relapsed releve relieved remonte removal remove removed renal renale
rendu renseignement renseignements rentre repair repeat repeated replaced replacement report repos
repouso reprise request require required residual resistance resistencia resp respi respira respirar
respiratoire respiratoria respiratorio respiratory respond rest restless restricted result resultat
results retained retard retencao retention reto retour retraction retroesternal reumatismo reveil
revenu review reviewed rheumatic rhinite rhumatisme rhze rib ribs rifampicin riga right rigid rigide
rigidez rigidite rigors rike rim rins rise road robe ronflant roof room rosto rotation rotule rotura
rouca rouge rougeole rougeur rouquidao route routine rpc rpm rta rule run running ruptura rupture
ruwa rx sabado sable sabo sabon sac saco sacral sacre sacro safe said saida saigne saignement
saignements saillie sain sakamako sake salbutamol saliva salivation salive salle salpingite salto
sama same samedi sample samun sang sangra sangramento sangrenta sangue sanguinolenta sannu sans
sante sanyi sanyin sao sara sarampo sare sarna sashe sassauci sat sati satisfaisant saturday sau
saukar sauki saukin saw scalp scan scanner scar scd scheduled school sciatalgie sciatica sciatique
scolaire scoliose scrotal scrotum sec seca seche second secondaire secrecao secrecoes secretion
section sedated see seen segue seguimento segunda segundo sein seio seizure seizures selle selles
sem semble semi sensacao sensibilidade sensibilite sensible sepsis sept september septembre septic
septico septum sequelae sequelle sequelles serial series serieux seriously seropositivo serosa
serpent serre service sete setembro seul seule severa several severe severo sex sexe sexo sexta
sexual sha shafa shaka shaking shan sharp shawara she shekara shekaranjiya shekaru shekarunta shi
shida shift shiga shigar shimfida shivering shock shoe shoes short shortness shot shoulder show
showing shows shrapnel si sibilos sick sickle side sided siege siffle sifflements sign signe signes
signs sikari sikila similar simple simples sinais since single sintoma sintomas sinus sir sit site
sitting situation six size skin skull sleep sleeping slight slightly slipped slow slowly slurred
small smear smells smith smoker smoking snake so sob sobre social sofreu sofrimento soft soins
soixante solucos some somnolence somnolent sonda sonde sonolencia sonolento soon sopro sore sores
sort sortie sosai soudain soudaine souffle souffrance souffrant soulagement sound sounds sous spasm
spasme speak speaking special specialiste specimen speech spilled spinal spine spleen splenomegalie
splenomegaly split spontanee sportif sprain spread sputum squint ss stab stable stade stage staging
stairs standard standing staphylococcus start started station status steady stenose stepped sternal
stiff stiffness still stomach stone stones stool stools stop stopped strabisme straight strain
strange strength streptococcus streptomycin stresse stridor stroke struck structure stuck student
study sua suave subaigu subcutanea subit subita subite subito subject such sucre sudden sudorese
sueurs suga sugar suintement suite suivi suka sukan suma suna sunday sunken suores superficial
superieur superieure superior supin suporte support suppuration suppuree supra suprapubic sur
surcharge surface surgery surgical suspect suspected suspeita suspeito suspicion suturada suture
sutured swallow swallowed swallowing sweats swelled swelling swellings swing swollen sympathique
symptom symptome symptomes symptoms syndrome systemic ta taba tabac tabagique tabagisme tache tafin
tafiya taimako taka taken taking talk talon tambem tamowa tana taquicardia tarar tarde tardive tari
tarin tasse tausa taux tb teacher tear tearing teeth teint tem temperature tempo temps ten tendao
tender tenderness tendon tense tension terca terco terme terminal terrain terre test testa teste
testicle testiculaire testicule testiculo testis tete than thank thanks that the their then there
these they thigh thing think third this thoracic thoracique thorax those though three throat through
thrown thumb thursday thyroid thyroide thyroidectomy tibia tight time tired tiro tiroide tiroideia
tissu tissue tiyata tiyatar to toda today todo toe tombe tombee tongue tonight tonsil tonsils
tonturas too took tooth toracica toracico torax torcao tornozelo torsion toshewa tosse total totale
touch touche toujours tout toute toutes toux towards toxic toxica toxique trabalho trachea
tracheostomy traction traffic trafic trainante traitement transfer transfert transfusion transito
transverse traqueia tratamento trauma traumatique traumatisme traumatismo travail travers treatment
tremblement tremor tremores trente tres trial tried trois trompa tronc trop trou trouble troubles
truck try tsaga tsakanin tsakuwa tsanani tsawon tsaye tsoka tsoro tsutsa tube tuberculeux
tuberculose tubes tubo tubular tuesday tuki tumefacao tumefaccao tumefaction tumeur tumeurs tumor
tumorale tumores tumour tun tunani turawa turn turned tushe twin twisted two type uku ukun ulcer
ulcera ulcerada ulcerante ulceration ulcere ulceree ulcers ulna ultima ultimo ultrasound umbilical
unable unconscious under unequal unha unilateral unique unit unite united unknown unstable until
unwell upon upper urethra urgence urgences urgencia urgent urgente urgently urina urinaire urinaires
urinar urinaria urinary urination urine urines urticaria us use used using usual utente uterin
uterine utero uterus vaca vaccin vaccine vagina vaginal vaginale valve varice varices varicose variz
varizes vascular vaso vehicle veia veille vein veine veines veins velha velho velo vendredi ventolin
ventral ventre verdatre verdatres verde vermelha vermelho vers vertebra vertebral vertebre vertige
vertigem vertiges very vesicula vesicule vessel vessie vez vezes via viagem viande vie vieil vieux
view vih vingt violent violente viral virale visage visao visible vision visit visite visivel vista
vite vitesse vitima viva voice voie voies voiture voix volontaire volta volume volumineux
vomissement vomissements vomit vomited vomiting vomito vomitos vomits voz vraiment vue vulva wahala
waist wajen wake walk walked walking wall wani wannan want ward warm was waste wata watan water waya
weak weakness wearing wednesday week weeks weight well were wet what wheeze wheezing when where
which while white whitish who whole whose why wish with withdrawn within without woman womb worn
worse worsened worsening worst would wound wounds wrist wrong wuce wuka wurin wuya x xpert xray ya
yaduwa yam yana yanka yankan yankewa yanzu yara yarinya yaro yau yawa yawan year years yellow
yellowish yes yesterday yeux yi yini younger yunwa zafi zafin zama zango zargi zawo zazzabi zona
zone zubar zubewa zuciya zufa zurfi
`);

/** @param {string} text */
function words(text) {
  return new Set(text.trim().split(/\s+/u));
}
