"""Sentences as models write them, with and without a critical finding. None is a patient's.

`TUNED_ON` is what the net was made with, `HELD_BACK` was written before it and looked at as figures
alone. `OUTSIDE` is a third of what somebody wrote who tried to break it, half of it without having
read the net: it was looked at as figures alone while the net was mended with the other two thirds.
A sentence alarms if whoever reads it would have to look at the patient now or today.
"""

TUNED_ON_ALARMS = """
There is a large right tension pneumothorax.
Tension pneumothorax with shift of the mediastinum to the left.
Findings are consistent with a tension pneumothorax.
A left-sided pneumothorax is present.
Moderate right pneumothorax without evidence of tension.
Small apical pneumothorax on the left.
The right lung is collapsed by a large pneumothorax.
Pneumothorax under tension.
Suspected tension pneumothorax; decompress now.
Large hydropneumothorax on the left.
Free air under the right hemidiaphragm.
There is free air under the diaphragm.
Free intraperitoneal air is seen.
Pneumoperitoneum.
Pneumoperitoneum is present, suggesting a perforated viscus.
Subdiaphragmatic air on both sides.
Findings suggest bowel perforation.
Air is seen beneath the diaphragm.
Pneumomediastinum with subcutaneous emphysema.
There is air in the mediastinum.
The endotracheal tube is in the right main bronchus.
The tip of the endotracheal tube lies in the right mainstem bronchus.
The nasogastric tube is coiled in the oesophagus.
The nasogastric tube is in the right lower lobe bronchus.
The NG tube is malpositioned.
Misplaced endotracheal tube.
The tube is not in the stomach but in the left lung.
Right mainstem intubation.
The central line is malpositioned, with its tip in the neck.
The feeding tube passes into the trachea.
Massive left pleural effusion.
Massive pleural effusion with mediastinal shift to the right.
Large right pleural effusion.
Complete opacification of the left hemithorax.
White-out of the right lung.
Tension hydrothorax on the right.
Large pericardial effusion, possible tamponade.
Cardiac tamponade is suspected.
Findings are concerning for aortic dissection.
Aortic dissection.
The mediastinum is widened.
Widened mediastinum, which suggests an aortic injury.
Ruptured abdominal aortic aneurysm.
Acute subdural haematoma on the right.
Subarachnoid hemorrhage in the basal cisterns.
There is an epidural hematoma with midline shift.
Intracranial haemorrhage with mass effect.
Intracerebral bleed in the left basal ganglia.
Midline shift of 8 mm to the left.
Uncal herniation.
Pulmonary embolism in the right main artery.
Saddle embolus.
Sigmoid volvulus.
Small bowel obstruction with multiple air-fluid levels.
Pneumatosis intestinalis and portal venous gas.
Necrotizing enterocolitis.
Toxic megacolon.
Foreign body in the right main bronchus.
A coin is lodged in the oesophagus: foreign body in the esophagus.
A button battery is seen in the upper oesophagus.
Epiglottitis with the thumb sign.
Severe airway compromise.
Tracheal compression by a mediastinal mass.
Unstable fracture of the cervical spine.
Fracture-dislocation of C5 on C6 with cord compression.
Atlantoaxial subluxation.
Open fracture of the tibia.
Gas gangrene of the thigh.
Necrotizing fasciitis is likely.
Haemothorax on the left.
Haemopneumothorax.
Flail chest on the right with several rib fractures.
Diaphragmatic rupture on the left.
Acute pulmonary oedema.
Increased bilateral pulmonary edema.
No pneumothorax is seen and pulmonary edema is present.
Findings are those of ARDS.
Miliary pattern in both lungs.
Ruptured ectopic pregnancy.
Testicular torsion.
This is a life-threatening condition.
This is a medical emergency.
Immediate decompression is required.
The patient needs an immediate chest tube.
Urgent surgical consultation is recommended.
Needle decompression should be performed immediately.
The trachea is deviated to the left by a large right pneumothorax.
No consolidation, but there is a large right pneumothorax.
No fracture is seen, however a pneumothorax is present on the left.
No pleural effusion. Large pneumothorax on the right.
The heart is not enlarged; there is a tension pneumothorax on the left.
Although no rib fracture is seen, there is a pneumothorax.
Lungs are clear except for a small left pneumothorax.
No evidence of pneumonia. Free air under the diaphragm.
There is no change in the large right pneumothorax.
No interval change in the tension pneumothorax.
Unchanged large pneumothorax.
A pneumothorax cannot be excluded.
Tension pneumothorax cannot be ruled out.
Pneumoperitoneum is not excluded.
Possible pneumothorax at the left apex.
Possible free air under the diaphragm.
This may represent a pneumoperitoneum.
Findings could represent aortic dissection.
Increasing pneumothorax compared with the previous film.
Persistent pneumothorax despite the chest drain.
The pneumothorax has increased.
Pneumothorax has not resolved.
Yes, there is a pneumothorax on the right.
Yes. Tension pneumothorax.
The chest tube is in place, but a large pneumothorax remains.
No doubt about a tension pneumothorax.
Not only pneumonia but also a pneumothorax is seen.
Without treatment this tension pneumothorax is fatal.
The finding is a pneumothorax, not a skin fold.
No previous film for comparison; large left pneumothorax.
The lungs show no nodules, and there is a moderate pneumothorax on the right.
Pneumothorax droit compressif.
Pneumothorax sous tension à gauche.
Il existe un pneumothorax gauche de grande abondance.
Pneumothorax suffocant : exsuffler immédiatement.
Présence d'un croissant gazeux sous la coupole diaphragmatique droite.
Pneumopéritoine.
Pneumopéritoine évoquant une perforation digestive.
Air libre sous le diaphragme.
Pneumomédiastin.
La sonde d'intubation est dans la bronche souche droite.
Intubation sélective droite.
La sonde nasogastrique est mal positionnée.
La sonde nasogastrique est dans la bronche droite.
Épanchement pleural massif à droite.
Épanchement pleural gauche de grande abondance refoulant le médiastin.
Hémithorax gauche opaque avec déviation de la trachée.
Dissection aortique probable.
Élargissement du médiastin.
Hématome sous-dural aigu.
Hématome extradural gauche avec engagement.
Hémorragie méningée.
Hémorragie intracérébrale.
Déviation de la ligne médiane.
Embolie pulmonaire bilatérale.
Occlusion intestinale du grêle.
Volvulus du sigmoïde.
Invagination intestinale aiguë.
Corps étranger dans la bronche droite.
Compression médullaire.
Hémothorax gauche.
Volet costal droit.
Œdème aigu du poumon.
Miliaire tuberculeuse.
Grossesse extra-utérine rompue.
Urgence vitale.
Urgence chirurgicale.
Tamponnade cardiaque.
Pas de foyer, mais pneumothorax à droite.
Pas d'épanchement ; pneumothorax gauche de moyenne abondance.
Un pneumothorax ne peut pas être exclu.
Un pneumopéritoine n'est pas exclu.
Pneumothorax possible au sommet gauche.
Le pneumothorax a augmenté de taille.
Absence de fracture. Pneumothorax gauche.
Pneumotórax hipertensivo à direita.
Há um grande pneumotórax à esquerda.
Pneumotórax à direita com desvio do mediastino.
Ar livre sob o diafragma.
Pneumoperitônio.
Pneumoperitoneu, sugere perfuração.
Pneumomediastino.
O tubo está no brônquio direito.
Sonda nasogástrica mal posicionada.
Intubação seletiva à direita.
Derrame pleural maciço à esquerda.
Derrame pleural volumoso com desvio do mediastino.
Dissecção da aorta.
Alargamento do mediastino.
Hematoma subdural agudo.
Hemorragia intracraniana.
Desvio da linha média.
Embolia pulmonar.
Obstrução intestinal.
Corpo estranho na via aérea.
Hemotórax à direita.
Edema agudo do pulmão.
Gravidez ectópica rota.
Emergência cirúrgica.
Risco de vida.
Sem consolidação, mas há um pneumotórax à direita.
Não se pode excluir pneumotórax.
Possível pneumotórax apical.
Neumotórax a tensión derecho.
Neumotórax izquierdo grande.
Aire libre bajo el diafragma.
Neumoperitoneo.
Tubo endotraqueal mal posicionado.
Derrame pleural masivo.
Disección aórtica.
Obstrucción intestinal.
No se puede descartar neumotórax.
Akwai pneumothorax babba a dama.
Akwai tension pneumothorax a hagu.
Akwai iska a karkashin diaphragm.
Akwai pneumoperitoneum.
Babu karaya, amma akwai pneumothorax a dama.
Bututun yana cikin huhun dama, ba a ciki ba.
Akwai ruwa mai yawa a kirji.
Akwai zubar jini a kwakwalwa.
Wannan yana bukatar taimakon gaggawa nan take.
There is a large lucency on the left with absent lung markings, pushing the heart.
Left lung has collapsed completely.
A visceral pleural line is seen at the left apex with no lung markings beyond it.
The left lung is collapsed against the hilum by air in the pleural space.
Gas is present between the liver and the diaphragm.
Air under both domes of the diaphragm.
Double wall sign of the bowel, so gas outside the lumen.
Air outlines the falciform ligament.
Endotracheal tube tip is 1 cm below the carina on the right.
NG tube loops back up and its tip is at T2.
The NG tube does not pass below the diaphragm.
The chest drain lies outside the pleural cavity, in the subcutaneous tissue.
The central line tip crosses the midline into the left subclavian artery.
Total white out of the left lung.
The right hemithorax is completely white.
The aortic knob is blurred and the mediastinum measures 10 cm.
Intimal flap in the descending aorta.
Hyperdense blood in the basal cisterns.
There is subarachnoid blood.
The ventricles are compressed and the midline is shifted by 10 mm.
Filling defect in the right main pulmonary artery.
Whirl sign, closed loop obstruction.
Target sign of intussusception in the right abdomen.
A coin sits in the subglottic airway.
Peanut aspiration with air trapping on the right.
Jumped facets at C5/6.
C2 hangman fracture, displaced.
Large pleural fluid collection on the left displacing the heart.
Pneumothorax, right, small, new since yesterday.
The pneumothorax has not resolved.
The pneumothorax is no longer small.
There is no improvement in the tension pneumothorax.
This is not a normal film: there is a pneumothorax.
No fracture, but a small pneumothorax.
Heart not enlarged. Pneumothorax present.
Lungs are clear except for a small left apical pneumothorax.
The absence of lung markings on the left indicates pneumothorax.
I cannot rule out a pneumothorax.
A pneumothorax is difficult to exclude.
Query small pneumothorax at the right apex.
?pneumothorax at the left base.
Consider pneumothorax on the right given the pleural line.
Suspicious for dissection of the aorta.
Pneumothorax not excluded.
Pneumothorax can't be ruled out.
Pleural effusion is absent while a pneumothorax is present.
Neither lung is normal: bilateral pneumothoraces.
Needs emergency laparotomy.
Call the surgeon immediately.
Refer immediately.
Refer to hospital today.
Emergency bronchoscopy is required.
This is an emergency.
Pneumothorax droit complet avec déviation médiastinale.
Le poumon gauche est entièrement collabé.
Présence d'air libre sous-diaphragmatique.
On ne peut écarter un pneumothorax.
Absence de murmure et d'image pulmonaire à gauche : pneumothorax.
La sonde d'intubation n'est pas dans la trachée.
Transférer immédiatement.
Cœur en carafe, tamponnade probable.
Derrame pleural muito volumoso com desvio contralateral.
Colapso total do pulmão direito.
Sonda no brônquio direito.
Neumotórax izquierdo que no ha mejorado.
Akwai iska a wajen huhu, huhu ya rushe.
Présence d'air sous la coupole diaphragmatique droite.
Air sous-diaphragmatique bilatéral.
Opacité complète de l'hémithorax droit refoulant le médiastin.
Déplacement du médiastin vers la droite.
Absence de trame vasculaire à droite en périphérie.
Ligne pleurale visible au sommet gauche.
Sonde d'intubation trop basse, dans la bronche souche droite.
Sonde nasogastrique enroulée dans l'œsophage.
Saignement intracrânien.
Fracture instable de C5.
Plaie thoracique soufflante.
Rupture diaphragmatique gauche.
Anses grêles dilatées avec niveaux hydro-aériques : occlusion.
Drainage thoracique en urgence.
Nécessite une intervention chirurgicale immédiate.
Aspect de miliaire tuberculeuse.
Abcès du poumon gauche.
Presença de ar no espaço pleural esquerdo.
Hemitórax direito totalmente opaco.
Tubo endotraqueal no brônquio direito.
Hemorragia no cérebro.
Fratura instável da coluna cervical.
Drenagem torácica imediata.
Transferir para o hospital hoje.
Colapso pulmonar derecho.
Desplazamiento del mediastino.
Cuerpo extraño en el bronquio derecho.
Akwai iska a ƙarƙashin diaphragm.
Huhun hagu ya matse.
Bututun yana cikin huhu.
Right sided PTX with shift.
Ptx on the left.
Bowel is perforated.
Ruptured spleen with free fluid.
Large volume of free fluid in the abdomen after trauma.
Mediastinal haematoma.
Aneurysm of the abdominal aorta, 7 cm, leaking.
SAH.
Subdural collection with mass effect.
Brain herniation.
Hydrocephalus with raised pressure.
PE in both lower lobe arteries.
Gas in the portal veins.
Air in the biliary tree and bowel wall.
Foreign object lodged in the trachea.
Tracheal deviation to the left by a mass.
Severe airway narrowing.
Epiglottis is swollen.
Vertebral fracture with canal compromise.
Spinal cord is compressed at T8.
Posterior hip dislocation.
Dislocation of the knee with absent pulses.
Gas in the muscles of the leg.
Septic arthritis of the hip.
Entire left lung is opacified.
Complete white left lung.
Flash pulmonary edema.
Multiple rib fractures with flail.
Urgent surgical opinion.
Do not wait: send the patient now.
Needs a surgeon today.
He needs oxygen and referral immediately.
Absent lung sliding on the right, in keeping with a pneumothorax.
No lung markings beyond the pleural line, large pneumothorax on the right.
Absence de trame au-delà de la ligne pleurale, pneumothorax droit complet.
No breath sounds on the left, tension pneumothorax.
Reason for urgency: tension pneumothorax.
Reason for the alarm: free air under the diaphragm.
Reason for concern: large right pneumothorax with mediastinal shift.
Reason for referral: aortic dissection.
Reason for call: tension pneumothorax, drain now.
Indication: immediate decompression of tension pneumothorax.
Indicação: drenagem imediata de pneumotórax hipertensivo.
Indicacion: cirugia urgente por vólvulo.
Motif : pneumothorax compressif visible à droite.
History: trauma with a large haemothorax now visible.
Massive left pleural effusion, the hemidiaphragm and the heart border are not visible.
Pneumoperitoneum and bowel loops are not identified.
Epiglottitis, vocal cords are not visible.
Haemothorax, rib fractures are not seen.
Subdural haematoma, sulci and cisterns are absent.
Aortic dissection and the left kidney and spleen are not seen.
Hémothorax, côtes et coupole ne sont pas visibles.
Large right pneumothorax and lung markings are absent on the right.
Tension pneumothorax, and breath sounds are absent.
Pneumothorax, lung markings are absent.
Tension pneumothorax was considered and has not been excluded.
Aortic dissection was considered but has not been excluded by this film.
Tension pneumothorax was considered and has not been ruled out.
Skin fold mistaken for normal lung, large pneumothorax on the left.
Nil else, large pneumothorax.
None of the lung is aerated, massive effusion.
Opacity mimicking pneumonia, aortic dissection cannot be excluded.
Re-expansion failed after drain insertion, large pneumothorax.
Incomplete re-expansion of the lung after chest tube with large pneumothorax.
Lung re-expanded poorly after drainage with tension pneumothorax.
Tension pneumothorax has partially re-expanded.
The pneumothorax is now cleared for transfer.
L'hémithorax est opaque.
L'hémithorax paraît opaque.
Immediate interventions are required.
Immediate surgical interventions are required.
The ET tube is coiled in the stomach.
C'est une urgence vitale, sauf avis contraire.
Needle decompression is needed, any danger signs are already present.
Massive effusion and the costophrenic angle and heart border are not seen.
Volvulus and rectal gas are absent.
Free air and the falciform ligament are not identified.
Pneumopéritoine, psoas et reins sont absents.
Derrame pleural maciço, cúpula e seio não são visíveis.
Neumoperitoneo, asas y riñones no se ven.
Pneumothorax et épanchement ne sont pas drainés.
Reason for escalation: subdural haematoma with midline shift.
Reason for the scan: see the large subdural haematoma.
Motif : transférer immédiatement, hémothorax.
Nil by mouth and urgent surgery for volvulus.
Nothing of the left lung is aerated with massive effusion.
This mimics asthma and is a foreign body in the trachea.
Often confused with asthma, this is epiglottitis.
The haemothorax has mostly cleared.
The pneumothorax has partially resolved.
Partially re-expanded lung after aspiration, still large pneumothorax.
Life-threatening, depending on size.
Caso grave: emergência médica.
Selon le cliché, urgence vitale.
Aortic dissection, but fractures and nodules are not seen.
Tension pneumothorax not previously seen.
Aortic dissection was not seen before.
Pneumothorax compressif partiellement résolu.
Pneumotórax hipertensivo parcialmente resolvido.
Tension pneumothorax was drained but has come back.
Haemothorax was drained but is again large.
Pneumothorax was excluded earlier but is now seen.
Tension pneumothorax was absent yesterday and is present today.
Pneumothorax resolved on the left, new large pneumothorax on the right.
Effusion resolved, pneumothorax now large.
Nothing was done about the tension pneumothorax.
None of the drains sits in the massive effusion.
Nil drainage of tension pneumothorax so far.
Pneumoperitoneum and free fluid were not seen before.
Pneumothorax and haemothorax were not present yesterday.
Large pneumothorax not present yesterday.
Nothing to suggest tuberculosis; large pneumothorax on the left.
Nothing to suggest infection, there is a tension pneumothorax.
No fracture of the ribs, large haemothorax.
No fracture, tension pneumothorax.
No pneumothorax on the left, but on the right there is one.
ETT in right main bronchus.
There is gas within the bowel wall and portal vein.
No rib fracture, massive left effusion.
"""

TUNED_ON_CALM = """
No pneumothorax.
No pneumothorax is seen.
There is no pneumothorax.
There is no evidence of pneumothorax.
No evidence of pneumothorax or pleural effusion.
No focal consolidation, pleural effusion, or pneumothorax.
No focal consolidation, large pleural effusion or pneumothorax.
No pleural effusion, pneumothorax, pneumomediastinum, free air or acute fracture.
The lungs are clear without pneumothorax.
The lungs are clear without consolidation, effusion or pneumothorax.
Neither pneumothorax nor effusion is seen.
Pneumothorax is not seen.
Pneumothorax: none.
Pneumothorax: No.
Pneumothorax: absent.
Pneumothorax (no).
A pneumothorax is not identified.
Pneumothorax has resolved.
The pneumothorax is no longer seen.
The previously noted pneumothorax has resolved.
Resolved pneumothorax.
Interval resolution of the pneumothorax.
Negative for pneumothorax.
Negative for: pneumothorax, free air.
Pneumothorax was ruled out.
Pneumothorax has been excluded.
Pneumothorax is unlikely.
Tension pneumothorax is excluded.
This is a skin fold rather than a pneumothorax.
The line is a skin fold, not a pneumothorax.
Absence of pneumothorax.
Free of pneumothorax.
I see no pneumothorax.
I do not see a pneumothorax.
There isn't a pneumothorax.
The film does not show a pneumothorax.
No, there is no pneumothorax.
No. There is no free air.
No large pneumothorax.
No tension pneumothorax is present.
No signs of tension pneumothorax.
There are no findings of tension.
If a tension pneumothorax develops, decompress at once.
If pneumothorax is suspected, repeat the film in expiration.
In case of tension pneumothorax, call for help.
Watch for pneumothorax after the procedure.
Monitor for signs of tension pneumothorax.
The patient is at risk of pneumothorax.
Repeat the film to rule out pneumothorax.
CT to exclude aortic dissection.
Evaluate for pulmonary embolism if the D-dimer is high.
A small pneumothorax may be missed on a supine film; none is seen here.
History of pneumothorax.
Status post drainage of a pneumothorax.
Old healed rib fractures; no pneumothorax.
Is there a pneumothorax?
Question: is there free air?
No free air.
No free air under the diaphragm.
There is no free intraperitoneal air.
No free air is seen beneath the diaphragm.
No pneumoperitoneum.
No evidence of pneumoperitoneum or bowel obstruction.
No subdiaphragmatic free air.
Without free air or obstruction.
No bowel obstruction.
No signs of perforation.
No pneumomediastinum.
No pneumothorax or pneumomediastinum.
Air bronchograms in the right lower lobe.
Normal gas pattern of the bowel.
Gas in the stomach bubble under the left diaphragm.
The stomach bubble lies below the left hemidiaphragm.
The endotracheal tube tip is 4 cm above the carina.
The endotracheal tube is in the trachea, 4 cm above the carina.
The endotracheal tube is not in the right main bronchus.
The nasogastric tube passes below the diaphragm into the stomach.
The tip of the nasogastric tube is in the stomach.
The tube is not malpositioned.
No malpositioned tubes or lines.
Lines and tubes are correctly placed.
No tubes or lines are seen.
The central line ends in the superior vena cava.
No pleural effusion.
No massive effusion.
No large pleural effusion.
Small left pleural effusion.
Trace pleural effusion on the right.
A small pleural effusion blunts the costophrenic angle.
No pericardial effusion.
No tamponade.
The mediastinum is not widened.
The mediastinum is normal.
Mediastinal contours are normal.
No mediastinal widening.
No mediastinal shift.
The trachea is midline.
The trachea is central and the mediastinum is not shifted.
No tracheal deviation.
No aortic dissection.
There is no evidence of aortic dissection or aneurysm.
The aorta is tortuous.
Calcified aortic knuckle.
No intracranial haemorrhage.
No acute intracranial hemorrhage, mass effect or midline shift.
There is no midline shift.
No subdural or epidural hematoma.
No evidence of pulmonary embolism.
No volvulus.
No foreign body is seen.
No radiopaque foreign body in the airway.
No airway obstruction.
No unstable fracture.
No dislocation or subluxation of the cervical spine.
No open fracture.
No haemothorax.
No flail chest.
No pulmonary oedema.
No evidence of pulmonary edema.
There is no miliary pattern.
Normal chest X-ray.
The lungs are clear.
The heart is of normal size.
The heart is enlarged.
Mild cardiomegaly.
Right lower lobe pneumonia.
Opacity in the left lower zone.
Bilateral interstitial markings.
Hyperinflated lungs.
Healed fracture of the left clavicle.
Degenerative changes of the spine.
Fracture of the distal radius.
Calcified granuloma in the right upper lobe.
Findings suggest tuberculosis.
Cavity in the right upper zone.
Hilar lymph nodes.
Scoliosis of the thoracic spine.
There are no acute findings.
No acute cardiopulmonary abnormality.
Nothing urgent is seen.
No emergency.
This is not a medical emergency.
Seek immediate medical attention if symptoms worsen.
Return immediately if breathing gets worse.
If the patient deteriorates, urgent referral is needed.
No immediate intervention is required.
No urgent surgical consultation is needed.
Routine follow-up.
Clinical review in two weeks.
Complications such as pneumothorax were not seen.
Complications such as pneumothorax may occur.
Pneumothorax can occur after biopsy.
A tension pneumothorax would push the mediastinum, which is central here.
An aortic dissection would need a CT; there is no sign of it here.
Treatment of pneumothorax was explained.
The chest drain was removed; no recurrent pneumothorax.
The pneumothorax is gone.
Both lungs are fully expanded, with no residual pneumothorax.
Lungs fully expanded after drainage of the pneumothorax.
Pas de pneumothorax.
Pas de pneumothorax ni d'épanchement pleural.
Absence de pneumothorax.
Aucun pneumothorax.
Aucun signe de pneumothorax.
Il n'y a pas de pneumothorax.
On ne voit pas de pneumothorax.
Sans pneumothorax ni épanchement.
Le pneumothorax a disparu.
Pneumothorax non vu.
Pneumothorax exclu.
Le pneumothorax n'est plus visible.
Pneumothorax : non.
Poumons clairs, sans pneumothorax.
Il s'agit d'un pli cutané plutôt que d'un pneumothorax.
Rechercher un pneumothorax.
En cas de pneumothorax suffocant, exsuffler.
Surveiller l'apparition d'un pneumothorax.
Antécédent de pneumothorax.
Scanner pour exclure une dissection aortique.
S'il y a un pneumothorax, appeler le médecin.
Pas de pneumopéritoine.
Pas de croissant gazeux sous-diaphragmatique.
Pas d'air libre.
Pas d'occlusion intestinale.
Pas de pneumomédiastin.
Pas d'épanchement pleural massif.
Petit épanchement pleural gauche.
Le médiastin n'est pas élargi.
Médiastin de taille normale.
La trachée est médiane.
Pas de déviation de la trachée.
La sonde n'est pas mal positionnée.
La sonde nasogastrique est dans l'estomac.
Pas d'hématome sous-dural ni d'hémorragie.
Pas d'embolie pulmonaire.
Pas de corps étranger.
Pas d'œdème pulmonaire.
Radiographie thoracique normale.
Opacité du lobe supérieur droit.
Cardiomégalie modérée.
Aucune urgence.
Pas d'urgence chirurgicale.
Consultez immédiatement en cas d'aggravation.
Sem pneumotórax.
Sem pneumotórax nem derrame pleural.
Não há pneumotórax.
Não se observa pneumotórax.
Ausência de pneumotórax.
Nenhum sinal de pneumotórax.
Pneumotórax ausente.
Pneumotórax: não.
O pneumotórax não é visível.
O pneumotórax foi excluído.
Pneumotórax resolvido.
Em caso de pneumotórax, chamar o médico.
Se houver pneumotórax, drenar.
Risco de pneumotórax após a punção.
Para excluir pneumotórax, repetir a radiografia.
História de pneumotórax.
Sem pneumoperitônio.
Sem ar livre.
Sem obstrução intestinal.
Sem derrame pleural.
Pequeno derrame pleural à direita.
Mediastino sem alargamento.
Sem desvio do mediastino.
O tubo não está mal posicionado.
A sonda está no estômago.
Sem hemorragia intracraniana.
Radiografia normal.
Opacidade no lobo inferior esquerdo.
Sin neumotórax.
No hay neumotórax.
No se observa neumotórax ni derrame.
Ausencia de neumotórax.
Neumotórax descartado.
Sin aire libre.
Sin neumoperitoneo.
Radiografía normal.
Babu pneumothorax.
Ba a ga pneumothorax ba.
Babu alamar pneumothorax.
Huhu biyu suna lafiya, ba tare da pneumothorax ba.
Babu iska a karkashin diaphragm.
Idan pneumothorax ya faru, a kira likita.
Pneumothorax ba a gani ba.
Babu ruwa a kirji.
Babu zubar jini a kwakwalwa.
Hoton kirji lafiya lau.
Pneumothorax and pleural effusion are not seen.
Pneumothorax, effusion and consolidation are absent.
There is neither a pneumothorax nor an effusion.
Lungs: clear. Pneumothorax: absent.
Pneumothorax: none seen
Ptx: no.
No pneumothorax, pneumomediastinum, or pneumoperitoneum.
No pleural effusion, no consolidation, pneumothorax or free air.
I don't see any pneumothorax.
I do not see evidence for aortic dissection or rupture.
There are no features of tension, no pneumothorax.
There is no radiographic sign of pulmonary embolism, though a normal film does not exclude it.
The previously noted pneumothorax is no longer seen.
The pneumothorax has resolved completely.
Complete re-expansion of the lung after pneumothorax.
The pneumothorax seen on the earlier film has cleared.
A pneumothorax is excluded.
The skin fold mimics a pneumothorax.
Skin fold, not a pneumothorax.
Watch for signs of a pneumothorax in the next days.
Return if breathing gets worse, as a pneumothorax may develop.
Ultrasound can help to look for pneumothorax.
The tube is well placed, 4 cm above the carina.
NG tube passes below the diaphragm into the stomach.
The endotracheal tube is in the trachea.
The trachea is central, not deviated.
There is no large effusion and no white-out.
Critical findings: none.
No need for urgent referral.
Emergency causes such as volvulus are not seen.
No emergency surgery is needed.
Reason for exam: rule out free air.
Indication: chest pain, ?PE.
Pneumothorax was considered but is not present.
Pas de pneumothorax, ni d'épanchement, ni d'air libre.
Absence de pneumothorax et d'épanchement.
Ni pneumothorax ni épanchement pleural.
Il n'y a ni pneumothorax ni hémothorax.
Sem sinais de pneumotórax ou ar livre.
Não se observa pneumotórax, derrame ou ar livre.
Nem pneumotórax nem derrame.
No se observa neumotórax ni aire libre.
Sonde d'intubation en place, au-dessus de la carène.
Post drain removal: no residual pneumothorax.
Status post pneumothorax, drained in May.
Lung markings extend to the chest wall on both sides.
No loss of lung markings is seen at the periphery.
There is no lung collapse and no air in the pleural space.
The lungs are not collapsed.
Neither lung is collapsed.
No collapsed lung segments.
No visceral pleural line is seen.
The endotracheal tube ends 5 cm above the carina.
The endotracheal tube tip is above the carina, in good position.
The feeding tube passes below the diaphragm and is not in the lung.
The NG tube projects over the stomach.
The nasogastric tube courses over the mediastinum and ends in the stomach.
The NG tube tip is in the stomach and there is mild atelectasis in the left lower lobe.
Tubes and lines: none.
No tubes or lines are seen in the lungs.
There is no foreign body in the airway.
The airway is not narrowed and the trachea is midline.
The trachea is patent.
Midline structures are not shifted.
The midline is not displaced.
Call a clinician at once if SpO2 drops below 90%.
Refer immediately if breathing becomes hard.
Refer now, today or this week according to the danger signs.
Refer now / today / this week
If the child worsens, refer immediately.
Refer this week for CT.
No need to refer today.
There is no reason to transfer the patient today.
Seek emergency care if symptoms worsen.
In case of chest pain, seek immediate medical attention.
No emergency treatment is needed.
Go to the nearest hospital if fever persists.
This is not an emergency.
It is unlikely to be an emergency.
No acute infarct or haemorrhage.
No acute territorial infarct.
Gastric air bubble is seen under the left hemidiaphragm.
Normal gastric gas below the left hemidiaphragm.
Bowel gas pattern is normal.
No gas outside the bowel.
No extraluminal gas.
There is no blood in the ventricles.
No intracranial collection.
No filling defect in the pulmonary artery.
The aorta shows no intimal flap.
The mediastinum measures 6 cm.
No fetal demise; cardiac activity is seen.
Placenta is posterior, no praevia.
No placenta praevia.
No placental abruption.
No retropulsion of fragments.
No burst fracture.
No perched facets.
No widening of the mediastinum; the heart is not displaced.
There are no lines or tubes, no free air, and no collapse.
Review the film today with a supervisor if available.
Ask a radiologist to review this image.
The patient should be reviewed by a clinician.
A follow-up film in 6 weeks is advised.
Correlate with the examination of the patient today.
The lungs show increased lung markings without consolidation.
No increased lung markings.
Bronchovascular markings are prominent.
The left hemithorax is not opacified.
There is no strangulated hernia.
Hernia without strangulation.
Small hiatus hernia with air above the diaphragm.
The coin overlies the neck on the outside of the body.
A coin is in the stomach.
The needle track is not seen in the trachea.
The film was sent to exclude a coin in the oesophagus; none is seen.
Emergency department film: normal chest.
Patient was seen today for cough.
The chest was reviewed today.
Le malade a été vu aujourd'hui.
Appeler si la respiration devient difficile.
Référer cette semaine.
Référer en urgence si la fièvre monte.
Ce n'est pas une urgence.
Poumon droit bien aéré, pas de collapsus.
Encaminhar esta semana.
Encaminhar imediatamente se houver dispneia.
Não é uma emergência.
Derivar esta semana.
No es una urgencia.
A kai shi asibiti idan numfashi ya tsananta.
Absence d'air libre.
Trachée en place.
Médiastin non élargi.
Sonde gastrique dans l'estomac.
Sem desvio da traqueia.
Tráquea central.
No PTX.
No PTX or effusion.
No SAH or EDH.
No PE.
No hip dislocation.
No haemoperitoneum or free fluid.
No gas in soft tissue.
No hydrocephalus.
Hip joint: no dislocation.
No mediastinal haematoma.
Epiglottis is not swollen.
Pericardial effusion is small.
PE tube? none.
Take the patient for a second film next week.
Send the film to a radiologist this week.
Physiological free fluid in the pelvis.
No finding requires emergency care.
There is no finding that needs immediate treatment.
Nothing here calls for emergency surgery.
Should breathing worsen, refer immediately.
Surgical clips after emergency laparotomy.
Previous emergency surgery.
The patient does not need to be referred today.
Does not need emergency treatment.
Not in need of urgent care.
There is no indication for immediate action.
No indication for urgent drainage.
Refer urgently only if breathing becomes hard.
When danger signs appear, transfer at once.
With any danger sign, call a clinician at once.
Call for help immediately at any danger sign.
Seek help immediately for any danger sign.
Return at once with fever or fast breathing.
If SpO2 is below 90%, give oxygen and refer now.
Refer today if there is fever, else this week.
Sem colapso pulmonar.
Não há ar no espaço pleural.
Pas d'air dans la plèvre.
Sonde bien en place, pas dans la bronche.
La sonda está en el estómago.
La sonde est dans l'estomac.
The trachea is not compressed.
No airway narrowing.
No narrowing of the trachea is seen.
The tube does not lie in the right lung.
The tube tip does not project over the lung.
The feeding tube does not enter the lung.
The catheter is not coiled.
The nasogastric tube is looped in the stomach.
The NG tube passes the diaphragm and ends in the fundus.
ETT position is neither too high nor too low.
The tip is not too deep.
The endotracheal tube is not at the carina.
No tube lies below the carina.
Lung edges reach the chest wall; there is no visible lung edge.
No deep sulcus sign.
A deep sulcus sign is not seen.
The lung has not collapsed.
The lungs have not collapsed.
The right lung did not collapse.
Without collapse of the right lung.
There is no complete collapse of the lung.
The hemithorax is not white.
No hemithorax is opaque.
No bleeding in the brain.
Blood in the brain is not seen.
There is no bleed within the brain.
No contrast leak.
The aorta is not torn.
The bone is not sticking out.
Not an open fracture.
Closed fracture, not an open fracture.
No facets are locked.
The odontoid is not fractured.
No odontoid fracture.
The dens is intact, without fracture of the dens.
No stroke.
No acute stroke.
The old infarct is unchanged.
Chronic infarct.
Air under the skin of the left arm.
Air in the bowel under the left dome is in the colon.
Air in the stomach lies under the left hemidiaphragm.
Colon gas under the right hemidiaphragm (Chilaiditi).
The bladder is strangulated? No.
Bowel gas is seen below both hemidiaphragms.
Gas is seen in the stomach and bowel.
Air in the trachea and bronchi is normal.
There is no coin in the airway.
Ingested coin has passed: no coin in the bronchus.
The needle is outside the patient, not in the trachea.
The pleural line slides normally.
The visceral pleural line is not visible.
Lung markings are seen to the edge.
Lung markings are present throughout.
No lack of lung markings.
The heart is not pushed to either side.
No effusion is displacing the heart.
The image does not show the tube tip below the diaphragm because it is cut off.
Lung sliding is present on both sides; no pneumothorax.
No loss of lung markings, no pneumothorax.
Trame pulmonaire visible jusqu'à la paroi, sans pneumothorax.
Reason for the examination: suspected tension pneumothorax.
Reason for study: free air.
Motif : pneumothorax.
Tension pneumothorax was considered but is unlikely.
Tension pneumothorax was considered and has been excluded.
Pneumothorax, effusion and rib fractures are not seen.
Nil pneumothorax or effusion.
The NG tube is coiled in the stomach.
ET tube above the carina and NG tube in the stomach.
The pneumothorax has fully re-expanded.
The pneumothorax has resolved and has not recurred.
The pneumothorax is resolved and the lung is now fully expanded.
The haemothorax was drained and is no longer seen.
Nothing to suggest pneumothorax, effusion or free air.
There is nothing to indicate free air, dissection or a large effusion.
No focal consolidation, large effusion or pneumothorax.
No consolidation, large pleural effusion, or pneumothorax.
No large effusion, pneumothorax.
ETT not in right main bronchus.
No gas within the bowel wall.
"""

HELD_BACK_ALARMS = """
Large left-sided pneumothorax with near-complete collapse of the lung.
Right apical pneumothorax measuring 2 cm.
The mediastinum is pushed to the right by a tension pneumothorax.
Findings compatible with left tension pneumothorax requiring decompression.
There appears to be a small pneumothorax at the right base.
A pneumothorax is visible, and no effusion is seen.
Bilateral pneumothoraces.
Pneumothorax is again noted on the left.
The known pneumothorax is larger than before.
Crescent of free gas beneath the right hemidiaphragm.
Free air beneath both hemidiaphragms, in keeping with perforation.
Large pneumoperitoneum.
Perforated viscus is likely.
Extensive pneumomediastinum.
Mediastinal emphysema is noted.
The tip of the ETT is in the right main stem bronchus and should be withdrawn.
The feeding tube is in the left main bronchus.
The NGT is coiled in the pharynx.
Nasogastric tube tip projects over the right lung.
The catheter is malpositioned.
The endotracheal tube has been placed in the oesophagus.
Massive right-sided effusion with contralateral shift of the mediastinum.
Very large pleural effusion on the left.
Opaque left hemithorax with shift of the trachea to the right.
Possible pericardial tamponade.
Suspicious for acute aortic dissection.
Type A aortic dissection.
Mediastinal widening raises concern for aortic rupture.
Extradural haematoma over the left convexity.
Large intraparenchymal hemorrhage.
Acute subarachnoid haemorrhage.
Left-to-right midline shift of 10 mm.
Bilateral pulmonary emboli.
Caecal volvulus.
High-grade small bowel obstruction.
Gas in the portal vein with pneumatosis.
Inhaled foreign body in the left bronchus.
Compression of the trachea.
Bilateral facet dislocation at C6/C7.
Spinal cord compression at T8.
Large haemothorax.
Florid pulmonary edema.
Miliary nodules throughout both lungs.
Immediate referral to a surgeon is needed.
The condition is life threatening.
There is no pleural effusion, although a left pneumothorax is present.
No rib fractures; a small pneumothorax is seen.
No consolidation or effusion. There is a right pneumothorax.
Free air cannot be excluded.
Possible subdural hematoma.
Tension pneumothorax must be considered the diagnosis here.
Without doubt there is free air.
Pneumothorax complet droit.
Volumineux pneumothorax gauche avec refoulement du médiastin.
Présence d'air libre intrapéritonéal.
Croissant gazeux sous-diaphragmatique bilatéral.
Sonde d'intubation sélective dans la bronche droite.
Épanchement pleural droit très abondant.
Suspicion de dissection de l'aorte.
Hématome sous-dural chronique avec effet de masse.
Pas de pneumonie, en revanche pneumothorax droit.
On ne peut exclure un pneumothorax.
Corps étranger des voies aériennes.
Occlusion colique avec niveaux hydro-aériques.
Pneumotórax bilateral.
Pneumotórax de grande volume à esquerda.
Há ar livre subdiafragmático.
Tubo endotraqueal no brônquio principal direito.
Derrame pleural maciço.
Hemorragia subaracnoideia.
Não há fratura, porém existe pneumotórax.
Neumotórax derecho con desviación del mediastino.
Hay aire libre subdiafragmático.
Akwai pneumothorax a hagu.
Akwai iska mai yanci a ciki.
Babu ruwa, sai dai akwai pneumothorax.
"""

HELD_BACK_CALM = """
No pneumothorax or pleural effusion is identified.
There is no evidence for a pneumothorax.
No definite pneumothorax.
There is no visible pneumothorax on this film.
No convincing evidence of pneumothorax.
Lungs are well expanded and clear, with no pneumothorax.
The costophrenic angles are sharp and there is no pneumothorax.
No consolidation, no effusion, no pneumothorax.
No acute fracture, dislocation, or pneumothorax is demonstrated.
No obvious pneumothorax, free air, or pneumomediastinum.
Pneumothorax is not present.
Pneumothorax not seen.
Previously seen pneumothorax is no longer visible.
The left pneumothorax has completely resolved.
No residual pneumothorax after drain removal.
Pneumothorax? No.
It does not look like a pneumothorax.
The edge is the scapula, not a pneumothorax.
There are no signs to suggest a tension pneumothorax.
Should a pneumothorax develop, insert a drain.
If there is clinical suspicion of pneumothorax, obtain an expiratory film.
Look for pneumothorax on the follow-up film.
To rule out a pneumothorax, repeat the film.
Past history of spontaneous pneumothorax.
No free gas under the diaphragm.
There is no free air to suggest perforation.
No evidence of free intra-abdominal air.
No pneumoperitoneum or portal venous gas.
No radiographic evidence of bowel obstruction or perforation.
The bowel gas pattern is normal, with no obstruction.
The endotracheal tube ends 3 cm above the carina.
The nasogastric tube tip is below the diaphragm.
The tubes are in good position.
None of the lines is malpositioned.
No sizeable pleural effusion.
Minimal blunting of the left costophrenic angle.
There is no pericardial effusion or tamponade.
The mediastinal silhouette is not widened.
The cardiomediastinal silhouette is within normal limits.
There is no shift of the mediastinum.
No evidence of acute aortic pathology.
The thoracic aorta is unfolded.
No haemorrhage, infarct or midline shift.
There is no extra-axial haematoma.
No CT evidence of pulmonary embolism.
No radiopaque foreign body.
The airway is patent.
Alignment is normal; no subluxation.
No evidence of cord compression.
No pulmonary edema or effusion.
Patchy opacity in the right middle lobe.
Enlarged heart with clear lungs.
Nodule in the left upper lobe, 8 mm.
Osteoarthritis of the knee.
Transverse fracture of the ulna.
No further urgent action.
Come back at once if there is shortness of breath.
No immediate danger is visible.
Pneumothorax would show as a line without lung markings beyond it.
Non, il n'y a pas de pneumothorax.
Pas de pneumothorax visible.
Pas d'argument pour un pneumothorax.
Ni pneumothorax ni épanchement.
Pneumothorax résolu.
Absence de pneumopéritoine.
Sonde gastrique en place dans l'estomac.
Si un pneumothorax apparaît, drainer.
Index cardiothoracique normal.
Não se identifica pneumotórax.
Sem evidência de pneumotórax ou derrame.
Sem sinais de pneumoperitoneu.
Pulmões limpos, sem pneumotórax.
No se identifica neumotórax.
Sin signos de neumoperitoneo.
Ba ya da pneumothorax.
Babu pneumothorax ko ruwa.
Zuciya tana daidai, babu matsala.
"""


OUTSIDE_ALARMS = """
Complete collapse of the right lung with a visible pleural edge.
Air in the pleural space on the right.
Rigler sign is positive.
The ETT is too deep, at the carina.
The nasogastric tube tip projects over the left lower lobe.
The NG tube is not seen below the diaphragm.
Umbilical venous catheter tip is in the heart.
The heart is hugely enlarged, globular, with suspected tamponade.
Contrast leaks from the thoracic aorta.
Large intracerebral bleed on the left with shift of the midline structures.
Hampton hump and oligaemia suggest pulmonary infarction from embolus.
A safety pin is in the larynx.
The odontoid is fractured and displaced into the canal.
Bone protrudes through the skin.
Interval increase of the right pneumothorax.
No change in the right pneumothorax.
Nothing else is seen apart from a pneumothorax.
No rib fractures are seen in spite of the pneumothorax.
Absent lung sliding, pneumothorax confirmed.
Pneumothorax? Likely, on the right.
Findings could be in keeping with a small pneumothorax.
Not excluded: free intraperitoneal air.
Without doubt a tension pneumothorax.
The patient needs a chest drain now.
This needs urgent transfer to a hospital with a surgeon.
Refer now.
Immediate action is required.
Décollement pleural gazeux droit.
Pneumothorax non exclu.
Sonde gastrique en place dans la bronche droite.
Référer en urgence vers un chirurgien.
Pneumotórax não descartado.
Encaminhar imediatamente.
A kai shi asibiti nan take.
Hémithorax gauche entièrement opaque.
Trachée déviée vers la gauche.
Poumon droit rétracté sur le hile.
Hématome extradural avec effet de masse.
Luxation C5-C6.
Pièce de monnaie dans le larynx.
Évacuer vers l'hôpital sans attendre.
Ar livre sob a cúpula direita.
Desvio da traqueia para a esquerda.
Corpo estranho no esófago.
Padrão miliar.
Necessita de cirurgia de emergência.
Hemitórax izquierdo opaco.
Hemorragia intracraneal.
Ruwa ya cika ƙirjin hagu gaba ɗaya.
A tura mara lafiya asibiti yau.
Large L PTX.
Perforated peptic ulcer suspected.
Splenic laceration with haemoperitoneum.
Traumatic aortic injury is suspected.
EDH on the right.
Effacement of the basal cisterns.
Necrotic bowel.
Caecal volvulus is likely.
The trachea is pushed to the left.
Cervical spine fracture with displacement.
Bilateral hip dislocation.
Necrotising infection with gas in soft tissue.
Cardiac silhouette is massively enlarged, consistent with pericardial effusion.
Lung is compressed by a huge effusion.
ARDS pattern.
Bilateral fractures of the pelvis, open book.
Take the patient to hospital at once.
"""

OUTSIDE_CALM = """
Neither pneumothorax nor free air.
Pneumothorax - nil.
Nil pneumothorax.
Nothing to suggest a pneumothorax.
Free from pneumothorax.
Interval resolution of the right pneumothorax.
Old rib fractures from a haemothorax in 2010.
This rules out a pneumothorax.
The line is a skin fold rather than a pneumothorax.
A normal chest X-ray does not rule out pulmonary embolism.
The ETT is not in the right main bronchus.
No misplaced lines.
No midline shift, no bleed.
There are no life-threatening findings.
Urgent referral is not necessary.
Clinical question: pneumothorax?
The question was whether there is a tension pneumothorax; there is not.
Aucun pneumothorax ni pneumopéritoine.
Pas d'argument pour une embolie pulmonaire.
Babu iska a wajen huhu, babu pneumothorax.
Previous pneumothorax, now fully expanded.
Pas d'air sous le diaphragme.
Pas de déviation trachéale.
Pas d'hématome ni d'hémorragie.
Sem fratura instável.
No pneumo.
Trachea is not pushed to either side.
The spleen is intact.
Basal cisterns are open.
No bowel wall gas.
Trace pericardial effusion.
Send the patient home with advice.
Subluxation is not seen.
"""


def _each(block: str) -> list[str]:
    return block.strip().split("\n")


TUNED_ON = [(each, True) for each in _each(TUNED_ON_ALARMS)]
TUNED_ON += [(each, False) for each in _each(TUNED_ON_CALM)]
HELD_BACK = [(each, True) for each in _each(HELD_BACK_ALARMS)]
HELD_BACK += [(each, False) for each in _each(HELD_BACK_CALM)]
OUTSIDE = [(each, True) for each in _each(OUTSIDE_ALARMS)]
OUTSIDE += [(each, False) for each in _each(OUTSIDE_CALM)]
