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
a aa abandon abandono abces abcesso abcessos abdomen abdominais abdominal abdominale abidjan abinci
ablation abnormal aboli abondant abord abrasion abrasions abril abscess abscessed abscesses absent
abu abuja acamado acces accident accompagne accra accru acetaminophen acid acidente acima
acompanhamento acordado actively actuel actuelle acuite acuity acute adenomegalia adenomegalias
adenopathie adenopathies adenopatia adherence admis admission adolescent adresse adult adulte adulto
aerienne afb afebrile affaiblissement afraid africa afta after afternoon again age agee aggressive
agitado agitated agitation agite ago agora agosto agressao agresse agressee agression agua aguda
agudo aide aigu aigue aigues aiki ailes ainsi air airway aisselle ajuda alcohol alcoholic alcoolico
alcoolique alergia alert algia alguma alguns alhamis alimentation alite alitee alivio all allah
allergie alors alta alteracao alteracoes alteration altere altered altura always amai amaigrissement
ambos ambulatoire amelioration amenorrhee amo amoebiasis amoxicillin amoxicilline ampicillin ampoule
amputacao amputated amputation amygdales amygdalite an ana anaemia anaemic anaesthesia anaesthetic
anal anca ancas ancien ancienne anciennete and anel anemia anemic anemico anemie anemique aneurisma
aneurysm anevrisme angine angulated angustia animal ankle annee annees annulaire ano anorexia
anorexie ans antebraco antecedent antecedents antenatal anterieur anterior antes anthrax antigo
anuria anxious ao aorta aortic aos aout ap apendicite apetite apex aphte apical apiretico apnees
apos apparition appendicectomie appendicectomy appendicite appendicitis appendix appetit appetite
apporte apres april aptitude apyretique aquoso ar arachide arbre areola arm arma arme armpit arms
arranhao arrepios arrest arret arrhythmia arriere art artemether arterial artesunate arthrite
arthritic arthritis arthrose articulacao articulacoes articulaire articular articulation
articulations artrite artrose arv arvore as asabar ascite ascites asibiti asleep asma asmatica
aspect aspirate aspirated aspiration assault assaulted assess assintomatico assistencia association
asthenie asthma asthmatic asthmatique asthme asymptomatique at ate atelectasie atelectasis atras
atraumatique atropelado atropelamento ats att attack atteinte attelle attempt attended aucun aucune
audition augmentin august aumentada aumento aureus auriculaire ausente aussi autour autre avait aval
avale avaliacao avaliar avant avc ave avec avoir avp avril avulsion aware axe axila axillary ayant
azia ba ba'a babba babur baby bacia back bactrim bag bagged bai bain baixa baixo baki bakon balle
ballonnement bamako banda bandage bande banho barci bari barka barrel barriga barulho bas basal base
basir basithoracique bassin bater bath batida battement battery baya bayan bcg beach beaucoup bebe
because bed bedside bee been beer before began behind being belle belly below bem bennett best
better between bexiga bicicleta bicycle bien bike bilan bilateral bilaterale bilharzia bilharziose
biliary biopsia biopsie biopsy birth bisa bissau bite bitten biyar biyu bk black blanc blanche
bleeding bleeds blesse blessee blessure blind blister blisters bloated bloating block blocked blood
blount blunt blurred boa boas boat boca bochecha bocio body boi boil boils boire bois boite boiterie
bolha bolhas bolsa bom bon bone bonjour bonne bonsoir borda bosse both bottle bouche boule bouton
boutons bowed bowel bowing boys bpco brachial brachiale braco bradycardic brain branca branco bras
breast breath breathing breathless breathlessness bronchial bronchiectasis bronchiolite
bronchiolitis bronchite bronchitis bronchopneumonia broncoespasmo bronquiolite bronquite brucellosis
bruise bruised bruises brulant brulee brulure brusca brutal brutale bruyante bugu bugun bulging bull
bulla bullae bulle bulles bullet burkitt burn burning burns buruli bus bushewa but buttock button
bututu ca cabeca cabeludo cabinet cacahuete cachectic cachectique cachexia cachexie cada caillot
cair caiu calcaneal calcaneum calcanhar calcification calcified calcul calculi calculos calculs
calculus calf called calor cama camel caminhar camion campo canal cancer cancro candidiasis canela
cannabis cannot canoe cansa cansaco cansado capable capacidade caquetico car cara carbuncle
carcinoma carcinome cardiac cardiaca cardiaco cardiaque cardiomegalia cardiomegalie cardiomegaly
cardiomyopathie cardiomyopathy care careful carie caroco carpenter carried carro cartilage cas casa
case caso cast catana catarro cateter catheter catheterised catheterized caught causa cause causee
caverne cavernes cavidade cavitacao cavitary cavitation cavite cavities cavity ceci cefaleia
cefaleias ceftriaxone cego cela celle cellulitis cem central cephalees cerebellar cerebral cerebro
certains certificate cerveau cervical cervicale cervix cesariana cesarienne chaise chaleur chambre
changes chao chaque charcoal charm charrette chart chaud chaude chaussure check checkup cheek cheiro
chemical chemo chemotherapy chest chevelu cheveux cheville chewer chewing chews chickenpox chien
child childhood chills chimiotherapie chin chirurgical chirurgicale chirurgie choc choked choking
cholecystitis cholera choque choro christmas chronic chronically chronique chute chuter cianose
ciatica cicatrice cicatriz cifose cigarettes cikakke ciki cikin cima ciment cinco cinq cinquante
cinya circulation cire cirrhose cirrhosis cirrose cirurgia ciwo ciwon cizo cizon clair clavicle
clavicula clavicular clavicule cleft climbing clinic clinica clinical clinically clinique cloque
clot club clubbing clubfoot coagulo coartem cobra coccyx coceira coeur coin col cold coli colic
colica colique collapse collapsed collapsus college colles collision colo colocacao colonic colonne
coloration colour coluna com coma comateux comatose come comeca comecou comer comes comichao coming
comme commence comminuted communicating como comorbid complaining complains complaint complet
completa complete completed complicacao complication complications complique compressao compression
comprimee conakry concussion condensacao condensant condensation condition conduit confirm confirmar
confirmation confusao confused confusion confuso congenital congenito congestion congestive
conjuntivite connaissance connu connue conscience consciencia conscient consciente conscious
considered consolidation constant constante constate constipated constipation consulta consultation
contact contacto contacts contage contages contexte continuation contracture contractures contre
control controle controlo contusao contusion convulsant convulsao convulsing convulsion convulsions
convulsivo convulsoes cooking copd copieux coq coqueluche cor coracao cord corda corde corne cornee
corpo corps correct corrimento corrosive cortada corte costale costas costela cote cotes cotonou
cotovelo cotrimoxazole cou couche coude cough coughing could coup courant cours course court courte
couteau covid cow coxa coxalgie coxear cpap crachats crackles crane cranial cranien craniene
crawling crepitacoes crepitants crepitation crepitations creps crescimento crianca criancas crise
crises croissance cronica cronico cross crosta crostas croup croute crush crushed crust crying
cryptococcal cryptococcus ct cubitus cuir cuisse curetage curto cut cuta cutar cutlass cxr cyanose
cyanosed cyanosee cyanosis cyanotic cyphose cyst da dadewa dado daga daidai daily daji dakar dama
dangwal dans dare daren dark dattin daughter daukar dauro dawowa day daya de deaf debil decede
december decembre dechirure decompensation decompensee decreased decubito decubitus dedo dedos deep
default defaulter defeito defense deficit deformation deformed deformidade deformity degluticao
degradation degree dehors dehydrated dehydration deja delayed delire delivered delivery demais
demande demangeaison demarche dengue densidade dent dentaire dental dente dentes dentro dents
denutri denutrition depistage deplace deplacement depois depressed depuis dermatose dernier derniere
derrame derrames derriere des desaturation descente desde deshydrate desidratacao desidratado
deslocamento desmaio desmaiou desnutrido desorientation desoriente despite dessous detected detresse
deux devant developed developpement deviated dexamethasone dez dezembro dia diabete diabetes
diabetic diabetique diagnosed diagnosis diagnostic dialyse dialysis diaphragm diaphragme diaria
diarreia diarreico diarrhea diarrhee diarrhoea died differential difficulte difficulty diffus
diffuse diffuses dificuldade difuso digestif digestiva digit digitale dimanche diminue diminution
diphtheria dire direita direito disability disc discale discharge discharging disease disenteria
disfagia disfonia dislocated dislocation disorder disoriented disparition displaced dispneia
dissection disseminated distal distale distended distensao distension distress disuria dived
diversas diving dix diz dizziness dizzy dm docteur doctor doenca doente dogon doi doida doigt doigts
dois doki dole dolorosa doloroso domestic domicile domicilio dominante domingo don donc done donkey
door dor dores dormencia dormir dorsal dorsale dos dosage dots double doubtful douleur douleurs
douloureuse douloureuses douloureux down dpoc drain drainage drained draining drenagem dreno
drepanocitose dressing drinker drinks driver droit droite drooling drowned drowning drowsy dry duas
due duk dukan dull dullness dumi duodenal dur dura durable duracao durant durante duration dure
dures dureza during duro dust duwawu dysenterie dysentery dysphagia dysphagie dysplasia dyspnea
dyspnee dyspnoea dyspnoeic dysurie each ear early easily easter eating eau ecart echec echelle
echographie eclampsia eclampsie ecoulement ecrasement eczema edema edemas edente effet effort
effusion effusions egalement eight elargi elbow elective electric electrica electrique electrocuted
elevada elevated eleve elevee eliminer elle emaciated emagrecida emagrecimento embauche embolia
embolie embolism embolus emergency emese emetisante emission emocional emphysema emphyseme empiema
employment emprego empyema empyeme en encefalite enceinte encephalite encephalitis encephalopathy
encurtamento endocarditis enfant enfarte enfermaria enfisema enfle enflee enfoncement engasgado
engoliu engorged engourdissement enlarged enlarging enorme enough enquanto enroue enrouement ensuite
entorse entre entree entry envahissement environ epais epanchement epaule epigastrica epigastrio
epigastrique epilepsie epileptic epileptico epileptique episode episodes epistaxis erect erosion
erosions erupcao eruption erysipelas erytheme escada escamas escarre escarro escherichia escoliose
escoriacoes escorregou escura esforco esmagamento esophageal esophagus especially espinha espontanea
espontaneo esputo esquerda esquerdo essoufflement est estadiamento estado estavel estenose esterno
estomago estranho estreita estridor et etage etat ethambutol etiologie etouffe etranger etranglee
etroite evacuation evacue evaluate evaluation evaluer eveille evening eventuel eventuelle evolution
ewing exame examen examination examine exantema exces excision exclude excluir exercicio exercise
exertional expectoracao expectoration expectorations exploration exploser explosion exposed exposure
extension extensive externa external externe externo extremidade extremite extremity extubated eye
eyelid eyes faca facada face facial faciale fadi fadowa faduwa faible faiblesse failed failure
fainted fala falciparum fall fallen falling falta famille family farfadiya fari farin faringe farko
farmer fashewa fast fasting fata fatigue fatigued faux faz febre febril febrile february fechada
fechado feconde fed feeding feeds feels feet fell female femme femoral femorale femur ferida feridas
ferimento ferimentos ferro fesse fetal fetus feu fever fevereiro fevrier fezes fibrillation fibroid
fibrose fibrosis fibrotic fica fievre fievres fifth figado fight filariasis filariose fille film fim
fin finding fine finger fingers fino firewood first fisherman fist fistula fistule fit fitness fits
fitsari fitting five fixa fixation fixe fixed flanc flanco flank flaring flexion floor flou flu
fluid foetus fogo foi foie fois follow follows fonction fonctionnel fonctionnelle fond food foot
football footballer for forca force forceps forearm foreign forme formigueiro fort forte fosse foul
four fourmillements fourth foyer fraco fractura fracture fractures fragile fragment fraqueza fratura
fraturas frein frequence frequencia frequent frequente fresh fria friday friend frio frissons froid
from front frontal fruit fuite fuka full fumador funcional functional furada furosemide further
furuncle fuska gaba gaban gado gadon gaggawa gain gait gajiya gale galeazzi galo game ganglion
ganglios gangrene gangrenous gap garcon garde gardener garganta gari gas gases gashi gastric
gastrica gastrique gate gauche gawa geignement gemido gencive gene general generale genexpert
gengiva genital genitale genotype genou gentamicin geral germe gestante gestation getting gibbosite
gibbus gida gin girl girls girma give given glands glass glissade glissement globe globuleuse goat
gobara gobe goiter goitre gold gonalgie gonfle gonflee gonflement good gordura gorge gout goutte
gradual gradually graisse grand grasse grave gravida gravidade gravidez gravite greenish greenstick
greeting grele griffure grinder grip gripe grippal grippe groin gros gross grossesse grosseur
grossit groundnut growth grunting guarding gudawa gums gun gunshot gwaji gwiwa gwiwar gyambo gyara
haart habitant habituel habituelle had hadari hadiye haemarthrosis haematemesis haematoma
haemoptysis haemorrhage haemorrhagic haemothorax hagu haihuwa hair hairdresser haka hakarkari
hakarkarin haki hakora hakori half hali hallux hana hanche hanci hand hanji hankali hannu hanta har
haraji harbi harbin hard harmattan harsh has hatsari hatsarin haut having hawan haziness hazy hb
hbss head headache headaches heal healed healing hearing heart heaviness heavy heel height hello
helmet help helps hemarthrosis hematemese hematemesis hematoma hematome hematuria hematurie
hemiparesis hemiplegia hemiplegie hemoptise hemoptises hemoptysie hemoptysies hemoptysis hemorragia
hemorragie hemorrhage hemorrhagic hemothorax hemotorax hepatic hepatica hepatique hepatitis
hepatomegalia hepatomegalie hepatomegaly herbal herdsman here hernia herniaire hernias hernie heure
heures hiccups hidrocefalia hier high highly hilar hip hipertensao hipertenso hipoxia hirschsprung
histology historia history hit hiv hoarse hoarseness hodgkin hoe hoje hold hole home homem homme
homolateral hookworm hoping hopital hora horaire horas horse hospital hot hoto hoton hour hours
house hta huda huhu humeral humero humerus hundred hunter hurt hydarthrose hydatid hydrocele
hydrocephalie hydrocephalus hydronephrosis hygiene hyperpigmented hypertension hypertensive
hypertensives hyperthermie hypochromique hypopigmented hypotensive hypothermie hypoxia hypoxic
hypoxique icc ictere icteric ictericia icterico icterique idade idan idanu idanun ido idon idosa
idoso ihu ileal iliaque ill image imagem immobile immunocompromised immunodeprime impact impacted
impetigo implant important importante impossibilidade impossibilite impotence impotencia improving
in ina inability incapacite incapaz inchaco inchada inchado incision incomplet inconnu inconnue
inconscience inconscient inconsciente increase increased increasing index indication indolore
indrawing induration infant infarct infarction infarctus infeccao infectada infecte infected
infectee infection inferieur inferieure inferior infertility infiltrado infiltrat infiltrate
infiltrates infiltration infiltrats infirmier infirmiere inflamed inflammation ingere ingestao
ingested ingestion inguinal inguinale inhalation inhale inhaled inhaler inicio initial injecao
injection injured injuries injury inpatient insect inserted insertion inside insomnia insomnie
insonia inspect instabilite instability instable instavel insuffisance insuficiencia insulin intact
intake intensa intense intensite intensive intenso intermitente intermittent interna internamento
interne interno interval intervention intestinal intestinale into intoxication intubado intubated
intubation intube intussusception invalidante involved irradia irradiant irradiation irreductible
irregular irritable is ischaemic ischemic ischemique iska isoniazid isquemico itch itching itchy its
itself jamais jambe janeiro january janvier jariri jaundice jaundiced jaune jaw jejum jejunal jerk
jeudi jeune jeunes ji jijiya jiki jikin jikinsa jikinta jini jinya jiri jiya job joelho joint joue
jouet joueur jour jours jovem juillet juin julho july jumaa jumping june junho junto just juwa
juyawa kadan kafa kafada kai kaifi kaikayi kallo kan kano kansa kanta kaposi karami karaya kare
karfe karfi karya karye karyewa kasa kasala kasan kashi kashin kaza ke keeps keke keloid kerosene
khat kick kicked kidney kind kindly kirji kirjin kitchen klebsiella knee knees knife knock knocked
known knuckle koch koda kodayake kola komai kona konewa konkon koren kowa kugu kullum kumatu kumbura
kumburi kumburin kuna kunar kunne kura kuraje kurji kusan kusu kwakwalwa kwana kwance kwankwaso
kwari kwash kwashiorkor kyanda kyau kyphosis kyphotic kyste labio labor laborer labour labourer
laceration lacerations lactente ladder lado lady lafiya lagos lahadi lait laka lake lamba langue
laparotomy laraba large largement largo laryngite larynx lasix lasting late lately latente lateral
laterale lateralidade latero laulayi laying leak leaking leaned leda left leg leger legere legs
leite leka lenta lentamente lente lentement lepra lepre leprosy lesao lesion lesionnel lesions
lesoes letargico lethargic lethargique lethargy leukaemia leukemia leve levre levres libre lie lift
lifting ligament ligamento ligeira light lightning like likita likitan limb limbs limitacao limp
limping line lines linfoma lingua lip lipome lips liquida liquide liquido lisfranc lit litinin
little liver living lobaire lobe local locale localised localisee localizada localized locked
locking loge loin lokaci lombaire lombalgia lombalgie lombar lombo lome long longo longue loose
lordose lorry lors losing loss lot lourd lourdeur low lower luette lumbar lumiere lump lumps lundi
lung lungs luxacao luxation lying lymph lymphoma lymphome lyse lytic mace machete machette machine
machoire maciji macule macules made mae magani maganin mahaifa mai main mains maio mais maison
majeur majina makero mako makogwaro makon makoshi mal malade maladie maladies malaise malaria male
malformacao malformation malgre malignant maligno malnourished malnutri malnutricao malnutrie
malnutrition malunion mama maman mamma mammaire man manage management manca mancar manchas mandibula
mandibular mandibule manha manque manter mantoux many mao mara marasa marasmus march marcha marche
marcher marco mardi marfan marked married mas masassara mason mass massa massas masse masses massive
mastectomy mastitis mata matin matite matsala mau mauvais mauvaise maxilla maxillary may mean means
measles measured mecanique medecin medecine medial mediane mediastin mediastinal mediastinum
medicacao medicado medical medication medo meds medular meeting meia melaena melena melenas melhora
melhoria membrane membre membres membro membros meme men menina meningism meningite meningitis
menino menisco meniscus menisque menor menos menstruation mento merci mercredi mere mes meses mesmo
mesothelioma mesure mesures met metacarpal metal metastase metastases metastasis metastatic
metatarsal meteorisme metformin meurtri mialgia miction mictionnel mictionnelles mictorica
micturition middle midwife might mild miliaire miliar miliary military milk mill mine miner mines
mineur minor minute minutes minutos miscarriage missing mitral mixed mixte mobile mobilite moderada
moderado moderate modere moderee moeda moelle moins mois molaire mole mollet monday monteggia month
mordedura mordeu mordu mordue morna morning morsure morsures mort mota mother motif motivo moto
motor motorbike motorcycle mou mouth moves moving moyen moyenne mri much muco mucosa mucus mudanca
muito mulher multiparous multipla multiplas multiple mumps muqueuse mura murmur murmure muscle
muscles musculaire musculo must mutum mutuwa mva mycobacterium myeloma myocardial na nadega nail
nailing nails naman namiji nan nao nariz nasa nasal nascer nascimento nasogastric nata nausea
nauseas nausees nauyi nauyin navel ne near nearly necessidade neck neckstiffness necrose necrosis
needs nefrite nega negatif negative negativo neighbour nem neman neo neonatal neonatale neonate
nephrite nephritis nephroblastoma nephrotic nerve nerves nervo nervosa net nette neuf neuroblastoma
neurologico neurologique never new next nez niamey night nil nine nipple nisan niveau nivel no
nocturna nocturnas nocturne node nodes nodular nodule nodules nodulo nodulos noir noire noisy noite
noma nombre nombreuses nombreux non none nono nonreactive noon normal normale normally nos nose
nosebleed not nota notable note noted nothing notice noticed notion nourrisson nouveau nouvelle nova
november novembre novembro novo now nuca nuit numb numbness numero numfashi numfashinta nun nuque
nurse oap obese obesite obeso objet oblique obrigada obrigado obstipacao obstipation obstrucao
obstructed obstruction obvious occasional occipital occlusion occupation oclusao october octobre
oculaire ocular odynophagia oedema oedeme oedemes oeil oesophageal oesophagus of offensive office
often okada old older olecranon oleo olho ombilic ombilical ombro ombros omi omoplate on once onde
one ongle ongoing only onset ontem op opacidade opacite opacites opacities opacity opd open opened
operada operado operated operation operative opere opereee oral orale orbit orbital orbite order
oreille oreilles oreillons orelha orgao orl orteil orteils orthopaedic orthopnoea os ossea osseuse
osseux osso ossos osteite osteo osteoarthritis osteomielite osteomyelite osteomyelitis osteosarcoma
other otite ouagadougou out outpatient output outra outro outside outubro ouvert ouverte ouvido
ouvidos ovarian ovary over own oxygen paciente pack pain painful paining pains pale paleur palidez
pallor palm palpable palpavel palpebra palpitacoes palpitation palpitations palu paludisme paludismo
panaris pancreas pancreatitis pansement panturrilha papeira papulas papule papules para paracetamol
paralisia paralyse paralysed paralysee paralysie paralysis paraparesis paraplegia paraplegie parede
parents parfois parietal parle parler paroi parole parotidite parte partial partida partie partielle
parto passada passado passage passageiro passager passe passenger past patch patches patela patella
patellar patient patiente paume paupiere pe peanut peao peau pedal pedestrian pedra peeling peito
peitoral pela pele pelo pelve pelvic pelvis pendant penetrante penetrating penible penicillin penile
penis peptic pequena pequeno per percussion perda perdeu perforated perforation perforee perfuracao
perianal pericardial pericardite pericarditis perihilar perine perineal periosteal peripherique
peritonite peritonitis permanent permanente perna pernas perone persistance persistant persistante
persistent persistente persists perte perthes pertussis pes pesada pescoco peso pessary petrol peu
phalanges phalanx phase phlegmon photophobia physio physiotherapy physique picada pico piece pied
pieds pieton pig pigtail pile pilha pills pilon piora piqure piste pit placa place placed placement
plaie plaies plaint plan plane planned plantar plante plaque plaques plasmodium plaster plate
plating platre platypnoea play playing please plein pleine pleura pleural pleurale pleuresie
pleuritic pleurs pli plie pls plus plusieurs pneumo pneumocystis pneumologia pneumonia pneumonie
pneumonitis pneumopathie pneumothorax pneumotorax poderia poids poignet poignets point pointe poison
poitrine poliartralgia policeman polio poliomielite politraumatizado poly polyarthralgie polypneique
polytraumatise polytraumatisme ponction ponto poor por porque porridge porta porte pos posicao
positif position positions positive positivo possible possivel post poste posterior postop
postoperative postoperatoire posture pott pouca pouce pouco pouls poumon poumons ppd praia pratique
pre precedent preciso precoce prednisolone predominant preeclampsia preemployment prega pregnant
prematuro premier premiere prend prende prendre preop preoperative preoperatoire preschool prescrit
presenca presence presentant presente presenting presents pression pressure preta previous
previously prevoir primaire primary primeira primeiro principal prior probable problem problema
probleme procedure productive produtiva proeminente profond profonde profunda progressif progressiva
progressive progressivement projectile prolapse prolapsed prolapso prolapsus prolongada prolonge
prolonged prolongee prostate prostatic prostration prothese prothetique provavel proximal prurido
prurit psoriasis psychique ptb puffiness puis pulled pulmao pulmonaire pulmonale pulmonar pulmonary
pulsatil pulsatile pulse pulso pump puncao punho pupille purulent purulenta purulento pus pushed
pustulas pustule pustules quadrant quadrante quadril quadriplegia quadro quando quanto quarante
quarry quart quarta quase quatre quatro que quebrada queda queimadura queixa queixas quelque
quelques quente query question quick quickly quimioterapia quinine quinsy quinta quinte quisto quite
rabies rabin raccourcissement rachidien rachis rachitisme radial radiating radiculopathy radio
radiographie radiotherapy radius rage rago raideur rained raiva raki rales ramadan rami ran rana
range rapid rapida rapide rapidement rapido raquitismo rash rashes rashin rastreio rauni raunuka
reaccao reaction reactive read reason recebeu recent recente reception recession recherche rechute
recidiva recidive recorrente recovered recovering rectal rectorragie recu recurrent red reducao
reduced reduction reduite refer refere referida referred refill refus refused refusing regards
regiao regime regimen region regular regulier regurgitation rein relapse relapsed releve relieved
remonte removal remove removed renal renale rendu renseignement renseignements rentre repair repeat
repeated replaced replacement report repos repouso reprise request require required residual
resistance resistencia resp respi respira respirar respiratoire respiratoria respiratorio
respiratory respond rest restless restricted result resultat results retained retard retencao
retention retinoblastoma reto retour retraction retractions retratamento retreatment retroesternal
retroviral reumatismo reveil revenu review reviewed rhabdomyosarcoma rheumatic rhinite rhonchi
rhumatisme rhze rib ribs rickets rider rifampicin riga right rigid rigide rigidez rigidite rigors
rike rim ringworm rins rise river road robe roncos ronflant ronflants roof room rosto rotated
rotation rotule rotura rouca rouge rougeole rougeur rouquidao route routine rpc rpm rta rubella rule
run running ruptura rupture ruptured ruwa rx sabado sable sabo sabon sac saco sacral sacre sacree
sacro sacrum safe said saida saifa saigne saignement saignements saillie sain sakamako sake
salbutamol saliva salivation salive salle salpingite salto sama same samedi sample samun sang sangra
sangramento sangrenta sangue sanguinolenta sankarau sannu sans sante sanyi sanyin sao sara sarampo
sarcoma sarcome sare sarna sashe sassauci sat sati satisfaisant saturday sau saukar sauki saukin saw
sawu scab scabies scaffolding scaling scalp scaly scan scanner scapula scapular scar scars scd
scheduled schistosomiasis school sciatalgie sciatica sciatique sclerotic scolaire scoliose scoliosis
scorpion scratch scratching screening screw scrotal scrotum scurvy seamstress sec seca seche second
secondaire secrecao secrecoes secretion section sedated see seed seen segue seguimento segunda
segundo sein seio seizure seizures selle selles sem semble semi sensacao sensation sensibilidade
sensibilite sensible sepsis sept september septembre septic septicaemia septicemia septicemie
septico septique septum sequelae sequelle sequelles sequestre sequestrum serial series serieux
seriously seropositivo serosa serpent serre service sete setembro seul seule severa several severe
severo sex sexe sexo sexta sexual sha shadow shadowing shafa shaka shaking shan sharp shawara she
shekara shekaranjiya shekaru shekarunta shi shida shift shifted shiga shigar shimfida shin shisha
shivering shock shoe shoes short shortened shortening shortness shot shoulder show showing shows
shrapnel si sibilants sibilos sick sickle side sided siege siffle sifflements sign signe signes
signs sikari sikila similar simple simples sinais since sincope single sintoma sintomas sinus
sinuses sir sit site sitting situation six size skin skull sleep sleeping slight slightly sling
slipped slow slowly slurred small smear smells smelly smith smoker smokes smoking snake snuff so sob
sobre social sofreu sofrimento soft soins soixante soldier sole solucos some somnolence somnolent
sonda sonde sonolencia sonolento soon sopro sore sores sort sortie sosai soudain soudaine souffle
souffrance souffrant soulagement sound sounds soup sous spasm spasme speak speaking special
specialiste specimen speech spider spilled spinal spine spiral spleen splenectomy splenic
splenomegalie splenomegaly splint splinter split spondylitis spondylolisthesis spondylosis spontanee
sportif sprain spread sputum squames squint ss stab stabbed stable stade stage staging stairs
standard standing staphylococcus start started station status steady steam stenose stenosis stepped
sternal sternum stiff stiffness still stomach stone stones stool stools stop stopped strabisme
straight strain strange strangulated strength streptococcus streptomycin stresse stridor stroke
struck structure stuck student study sua suave subaigu subcutanea subit subita subite subito subject
subluxation such sucre sudden sudorese sueurs suga sugar suintement suite suivi suka sukan suma suna
sunday sunken suores superficial superieur superieure superior supin suporte support suppuration
suppuree supra suprapubic sur surcharge surface surgery surgical suspect suspected suspeita suspeito
suspicion suturada suture sutured swallow swallowed swallowing sweats swelled swelling swellings
swing swollen sympathique symptom symptome symptomes symptoms syncope syndrome systemic ta taba
tabac tabagique tabagisme tache tachycarde tachycardic tachypneic tachypnoeic tafin tafiya tailor
taimako taka taken taking talata talk talon tambem tamowa tamponade tana tapped tapping taquicardia
taquipneia tarar tarde tardive tari tarin tasse tausa taux tb tea teacher tear tearing teeth teigne
teint telhado tem temperature tempo temporal temps ten tendao tender tenderness tendon tense tension
teratoma terca terco terme terminal terrain terre test testa teste testes testicle testiculaire
testicule testiculo testis tetano tetanos tetanus tete than thank thanks that the theatre their then
there these they thigh thing think third this thoracic thoracique thorax thorn those though three
throat thrombose thrombosis through thrown thumb thursday thymoma thyroid thyroide thyroidectomy
tibia tibial tifoide tight time tingling tinha tirage tiragem tired tiro tiroide tiroideia tissu
tissue tiyata tiyatar to tobacco toda today todo toe toit tombe tombee tongue tonight tonsil tonsils
tontura tonturas too took tooth toracica toracico torax torcao torn tornozelo torsion torticollis
toshewa tosse total totale touch touche toujours tout toute toutes toux towards toxic toxica toxique
toxoplasmosis trabalho trachea tracheal tracheostomy traction tractor trader traffic trafic train
trainante traitement transfer transfert transfusion transito transverse trapped traqueia tratamento
trauma traumatique traumatise traumatisme traumatismo travail travel travers treatment tree
tremblement tremor tremores trente tres trial tricycle tried trois trombose trompa tronc tronco trop
trou trouble troubles truck trunk try tsaga tsakanin tsakuwa tsanani tsawon tsaye tsoka tsoro tsutsa
tube tuberculeux tuberculose tubes tubo tubular tuesday tuki tumefacao tumefaccao tumefaction tumeur
tumeurs tumor tumorale tumores tumour tun tunani turawa turn turned tushe twin twisted two tympan
type typhoid typhoide uku ukun ulcer ulcera ulcerada ulcerante ulcerated ulceration ulcere ulceree
ulcers ulna ulnar ultima ultimo ultrasound umbilical umbilicus unable unconscious under undisplaced
unequal unha unilateral unique unit unite united unknown unstable until unwell upon upper uraemia
uremia urethra urgence urgences urgencia urgent urgente urgently urina urinaire urinaires urinar
urinaria urinary urination urine urines urosepsis urticaria us use used using usual utente uterin
uterine utero uterus vaca vaccin vaccine vagina vaginal vaginale valgum valve valvular varice
varicela varicella varicelle varices varicose variz varizes varum vascular vaso vehicle veia veille
vein veine veines veins velha velho velo vendredi venous ventilado ventilated ventilator ventile
ventolin ventral ventre ventricle ventricles verdatre verdatres verde vermelha vermelho vers
vertebra vertebral vertebre vertige vertigem vertiges vertigo very vesicle vesicles vesicula
vesiculaire vesiculas vesicule vesicules vessel vessie vez vezes via viagem viande vie vieil vieux
view vih vingt violent violente viral virale virilha visa visage visao visible vision visit visite
visivel vista visual vite vitesse vitiligo vitima viva voice voie voies voiture voix volontaire
volta volume volumineux volvulus vomissement vomissements vomit vomited vomiting vomito vomitos
vomits voz vraiment vue vulva wahala waist wajen wake walk walked walking wall wani wannan want ward
warm warty was wasp waste wasted wata watan water waya weak weakness wearing wednesday weed week
weeks weight welder welding well were wet what wheeze wheezing when where which while white whitish
who whole whose why wilms window wine wire wish with withdrawn within without woman womb worn worse
worsened worsening worst would wound wounds wrist wrong wuce wuka wurin wuya x xpert xray ya yaduwa
yam yana yanka yankan yankewa yanzu yara yarinya yaro yatsa yau yawa yawan yaws year years yellow
yellowish yes yesterday yeux yi yini younger yunwa zafi zafin zama zango zargi zawo zazzabi zona
zone zubar zubewa zuciya zufa zurfi
`);

/** @param {string} text */
function words(text) {
  return new Set(text.trim().split(/\s+/u));
}
