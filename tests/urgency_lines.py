"""What models write under an urgency's heading, and how it must be read. None is a patient's."""

from inference.contract import Urgency

CRITICAL = """
critical
Critical
CRITICAL.
**Critical**
Critical (tension pneumothorax)
Critical - immediate decompression needed
critical: call a clinician at once
Critical, because of the free air.
🔴 CRITICAL
Emergency
EMERGENCY
This is a medical emergency.
Emergent
Immediate
Immediate attention required
Immediate medical attention is needed.
STAT
Stat read
RED - critical
Red
RED FLAG
Life-threatening
Potentially life-threatening
Very urgent
VERY URGENT
Extremely urgent
Highest priority
Urgent to critical
High / critical
Critical if not decompressed
Now
At once
Within the hour
Within minutes
Do not delay
Must not wait
Without delay
No time to lose
critical\\nThe patient needs a drain.
The urgency is critical.
Level: critical
Not routine: critical
Urgent? No, critical.
Not urgent but critical
(critical, urgent or routine): critical
critical (minutes to an hour)
critique
Critique : pneumothorax compressif
CRITIQUE (urgence vitale)
Urgence vitale
Urgence absolue
Immédiat
Immédiate
Prise en charge immédiate
Très urgent
très urgent
Extrêmement urgent
Pronostic vital engagé
Tout de suite
Sans délai
Ne peut pas attendre
Rouge
crítico
Crítica
CRÍTICO - tratamento imediato
Muito urgente
muito urgente
Extremamente urgente
Emergência
Emergência médica
Imediato
Risco de vida
De imediato
Sem demora
Vermelho
Crítico: neumotórax a tensión
Muy urgente
Emergencia
Inmediata
Riesgo vital
Rojo
mai tsanani
Mai tsanani sosai
na gaggawa sosai
Gaggawa matuka
Nan take
Yanzu-yanzu
Ba zai iya jira ba
Emergency department referral required
Needs decompression this minute
Right away
Straight away
CRITICAL/URGENT
Level 1
P1
Category I
Code red
Do not wait for the supervisor
Time-critical
Top priority
Danger to life
Seconds count
Urgence extrême
Emergente
Emergencia vital
Gaggawa sosai
Critical (minutes to an hour)
🔴
High - life threatening
Within half an hour
Act now
Needs resuscitation
Urgency: Critical. Reason: pneumothorax
Sans perdre de temps
Danger de mort
Risco de morte
Perigo de vida
Peligro de vida
Cikin minti 30
Rai na cikin haɗari
This week is too late
Attendre cette semaine serait trop tard
"""

URGENT = """
urgent
urgent (hours to a day)
Urgent
URGENT.
**Urgent.**
Urgent (pleural effusion)
Urgent - review today
urgent, not critical
Not critical but urgent
Urgent, but not an emergency
Urgent evaluation is recommended.
Urgently
High
HIGH
High priority
High urgency
Moderate to high
Semi-urgent
Moderately urgent
Urgent if not already treated
Urgent review within 24 hours
Within 24 hours
Within 6 hours
Within hours
Same day
Same-day review
Today
As soon as possible
ASAP
Prompt
Prompt medical evaluation
Expedited
Soon
Severe
Serious
Acute
Orange
🟠 Urgent
Yellow - urgent
urgent\\nUrgent referral.
Routine? No, urgent.
It is urgent.
Urgence médicale
urgente
Urgent (dans les 24 heures)
Élevée
Élevé
Haute
Aujourd'hui
Dès que possible
En urgence
C'est une urgence
Urgent, pas critique
Prise en charge rapide
Urgente
urgente - hoje
Alta
Elevada
Hoje
O mais rápido possível
Com urgência
É uma urgência
Nas próximas 24 horas
Urgente, não crítico
Urgente (revisión hoy)
Lo antes posible
En las próximas 24 horas
Alto
Hoy
na gaggawa
Na gaggawa
da gaggawa
Cikin gaggawa
gaggawa
A yau
HIGH RISK
Urgent, not critical
Non-critical, urgent
Before tonight
Within one day
By the end of the day
Within 12-24 h
To be seen today
Sub-urgent
Fairly urgent
Not immediately life-threatening, but urgent
Sous 24 h
Dans la journée
Avant ce soir
Relativement urgent
Urgence relative
Até amanhã
Ainda hoje
En 24 horas
Not routine
Refer within the day
See today
24h
<24 hours
Within a day
This evening
Needs prompt referral
Time-sensitive
Rapidement
Dans les prochaines heures
Dans les 12 h
No mesmo dia
Dentro de 24 horas
Nas próximas horas
El mismo día
En las próximas horas
Yau
Refer with minimal delay.
Transfer with minimal delay.
Even if stable, urgent
When breathing is hard, urgent
"""

ROUTINE = """
routine
Routine
ROUTINE.
**Routine**
Routine follow-up
Routine review
Routine (no acute findings)
Routine, not urgent
Routine - no acute abnormality
🟢 Routine
Low
Low priority
Low urgency
Non-urgent
Non urgent
Not urgent
Not urgent.
Elective
Standard
Green
Routine. No critical findings.
No acute findings. Routine.
critical, urgent or routine: routine
Critical: no. Urgent: no. Routine.
Within days
Within 2 weeks
de routine
De routine.
Urgence faible
non urgente
Pas urgent
Pas d'urgence
Faible
Aucune urgence
Routine, sans urgence
rotina
De rotina
Não urgente
não urgente
Sem urgência
Baixa
Rotina. Sem achados críticos.
rutina
De rutina
No urgente
Sin urgencia
Baja
na yau da kullum
Yau da kullum
ba na gaggawa ba
Ba na gaggawa ba ne
Babu gaggawa
Nonurgent
Not an emergency; routine
Lowest
Very low
routine (days)
Next available appointment
Can wait
Peu urgent
Nulle
Sans urgence
Pouco urgente
Electivo
Ba gaggawa
🟢
Within a week
No action needed
Cette semaine
Peut attendre
Pas pressé
Esta semana
Sem pressa
Puede esperar
Cikin mako
"""

UNKNOWN = """
not stated
unknown
Unknown
N/A
Not applicable
-
?
Critical: no
Critical? No.
Critical - none.
Critical findings: none
Critical findings: None.
No critical findings
No critical or urgent findings
There are no critical findings.
Not critical
Not an emergency
No emergency
Urgent review not required
Urgent review is not required.
Urgent intervention is not needed
No urgent intervention is needed.
No immediate action required
No need for immediate action
Immediate attention is not needed.
Not immediately life-threatening
Emergency: no
routine, but urgent if febrile
Routine unless symptoms worsen
routine, unless febrile
Routine; urgent if the patient becomes short of breath
Depends on the clinical picture
To be decided by the clinician
critical, urgent or routine
critical (minutes to an hour), urgent (hours to a day) or routine (days)
critical, urgent, or routine.
critical / urgent / routine
critical|urgent|routine
one word: critical, urgent or routine
(critical, urgent or routine)
Cannot be determined from the image
Moderate
Medium
Intermediate
perhaps
None
If worsening, immediate review
Seek immediate care if symptoms worsen.
Critique : non
Aucun élément critique
Pas critique
Pas de signe critique
Sans critère d'urgence immédiate
Routine, mais urgent si fièvre
critique, urgent ou routine
Intervention urgente non nécessaire
Indéterminée
À déterminer
Sem achados críticos
Não crítico
Crítico: não
Rotina, mas urgente se houver febre
crítico, urgente ou rotina
Não há necessidade de intervenção imediata
Indeterminada
No crítico
Sin hallazgos críticos
Rutina, pero urgente si hay fiebre
Crítico: no
Ba mai tsanani ba
Babu alamar tsanani
Ba a sani ba
Na yau da kullum, sai dai idan zazzabi ya zo
No
No immediate concern
Urgency cannot be determined
Stable
Non-emergency
Moyenne
Média
Moderada
Unable to assess
Depends on the clinical state
Refer by the next available transport
Next available ambulance
Act, with the lowest threshold for drainage
Low threshold for transfer
Lower lobe pneumonia
Minimal lung left
Within a week he may die
Can wait no longer
He can wait only minutes
Peut attendre une heure
No action needed beyond drainage
Anything but routine
"""

NOT_MEDICAL = """
Not a medical picture
not a medical image
This is not a medical image.
Not a radiological image
Non-medical image
Pas une image médicale
Ce n'est pas une image médicale.
Não é uma imagem médica
No es una imagen médica
Ba hoton likitanci ba
"""

# A third of what somebody wrote who tried to break it, looked at as figures alone while the rest
# was mended.
OUTSIDE_ALARMS = """
This patient needs help right away
Critical!!!
Priority 1
Grade A
Minutes matter
Very high
Life threat
Refer within 6 hours
Refer before the night
Sub-acute, today
Extrême urgence
Urgence 1
Dans les 24 heures
Assez urgent
Urgência máxima
Antes de esta noche
Na gaggawa matuka
Cikin awa 24
🟠
Needs action within 30 minutes
Priority: highest
Urgent (hours to a day)
In the next few hours
6-12 hours
This afternoon
High suspicion, refer urgently
À la minute
Dès aujourd'hui
Le jour même
Atendimento imediato
O quanto antes
Riesgo de muerte
Yanzun nan
Cikin sa'a 24
"""
OUTSIDE_CALM = """
Minimal
Routine.
None - routine
Nil
No urgency identified
Non-emergent
Not emergent
Follow up in 6 weeks
Non urgente
Eletivo
This week
Not stated
Dans les jours qui viennent
Programmé
Pode esperar
Zai iya jira
"""


def _lines(block: str) -> list[str]:
    """A line each; a written `\\n` is a line's end within."""
    return [line.replace("\\n", "\n") for line in block.strip("\n").split("\n")]


TABLE = {
    Urgency.CRITICAL: _lines(CRITICAL),
    Urgency.URGENT: _lines(URGENT),
    Urgency.ROUTINE: _lines(ROUTINE),
    Urgency.NOT_STATED: _lines(UNKNOWN),
    Urgency.NOT_MEDICAL: _lines(NOT_MEDICAL),
}
OUTSIDE = [(line, True) for line in _lines(OUTSIDE_ALARMS)]
OUTSIDE += [(line, False) for line in _lines(OUTSIDE_CALM)]
