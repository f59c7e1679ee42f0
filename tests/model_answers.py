"""Answers as MedGemma and its like write them, and what must be filed where.

Each was written for this table after the forms that were seen; none is a patient's. A text that is
compared loses its marks and its spaces: what counts is where each word is filed.
"""

import re
from dataclasses import dataclass

from inference.contract import Urgency

CRITICAL, URGENT, UNKNOWN, ROUTINE, NOT_MEDICAL = Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer and its parts; None for a part that it has not."""

    form: str
    text: str
    f: str | None = None
    i: str | None = None
    u: Urgency = UNKNOWN
    r: str | None = None
    rest: str | None = None
    about: str | None = None


def bare(text: str | None) -> str | None:
    """Text without marks, as it is compared."""
    if text is None:
        return None
    return " ".join(re.sub(r"[*_#`|>\u2022\u00b7]|(?:^|\n) *-+ ", " ", text).split())


F = "Large right pneumothorax. The mediastinum is shifted to the left."
I = "Tension pneumothorax."  # noqa: E741 - a section's letter
R = "Decompress at once and call a clinician."
N = "The lungs are clear. The heart is of normal size."
NI = "Normal chest film."
NR = "No action is needed for the film."
FR_F = "\u00c9panchement pleural gauche de moyenne abondance. Pas de pneumothorax."
FR_I = "\u00c9panchement pleural gauche."
FR_R = "Examiner le patient aujourd\u2019hui."
PT_F = "Opacidade no lobo superior direito. Sem derrame pleural."
PT_I = "Prov\u00e1vel pneumonia."
PT_R = "Pedir exame de escarro."
ES_F = "Opacidad en el l\u00f3bulo inferior izquierdo. Sin derrame."
ES_I = "Neumon\u00eda probable."
ES_R = "Revisi\u00f3n hoy."
HA_F = "Akwai farin wuri a huhun dama. Babu ruwa."
HA_I = "Ana zaton ciwon huhu ne."
HA_R = "A auna iskar jini yanzu."
SELF = "I am an AI and cannot provide medical advice."


def _tension(form: str, text: str) -> Answer:
    return Answer(form=form, text=text, f=F, i=I, u=CRITICAL, r=R)


def _normal(form: str, text: str) -> Answer:
    return Answer(form=form, text=text, f=N, i=NI, u=ROUTINE, r=NR)


def _french(form: str, text: str) -> Answer:
    return Answer(form=form, text=text, f=FR_F, i=FR_I, u=URGENT, r=FR_R)


ANSWERS = (
    _tension("as asked", f"FINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION: {R}"),
    _tension("one line", f"FINDINGS: {F} IMPRESSION: {I} URGENCY: critical RECOMMENDATION: {R}"),
    _tension(
        "one line, title case",
        f"Findings: {F} Impression: {I} Urgency: Critical. Recommendation: {R}",
    ),
    _tension(
        "capitals without colons",
        f"FINDINGS {F} IMPRESSION {I} URGENCY critical. RECOMMENDATION {R}",
    ),
    _tension(
        "bold with colon within",
        f"**Findings:** {F}\n\n**Impression:** {I}\n\n**Urgency:** Critical\n\n**Recommendation:** {R}",
    ),
    _tension(
        "bold with colon after",
        f"**Findings**: {F}\n**Impression**: {I}\n**Urgency**: CRITICAL\n**Recommendation**: {R}",
    ),
    _tension(
        "bold in one line",
        f"**FINDINGS:** {F} **IMPRESSION:** {I} **URGENCY:** critical **RECOMMENDATION:** {R}",
    ),
    _tension(
        "hash headings",
        f"## FINDINGS\n{F}\n\n## IMPRESSION\n{I}\n\n## URGENCY\nCritical\n\n## RECOMMENDATION\n{R}",
    ),
    _tension(
        "hash headings with colons",
        f"### Findings:\n{F}\n### Impression:\n{I}\n### Urgency:\ncritical\n### Recommendation:\n{R}",
    ),
    _tension(
        "bold alone, value bold",
        f"**FINDINGS**\n{F}\n\n**IMPRESSION**\n{I}\n\n**URGENCY**\n**CRITICAL**\n\n**RECOMMENDATION**\n{R}",
    ),
    _tension(
        "names alone",
        f"FINDINGS\n{F}\n\nIMPRESSION\n{I}\n\nURGENCY\ncritical\n\nRECOMMENDATION\n{R}",
    ),
    _tension(
        "numbered",
        f"1. FINDINGS: {F}\n2. IMPRESSION: {I}\n3. URGENCY: critical\n4. RECOMMENDATION: {R}",
    ),
    _tension(
        "numbered, bold",
        f"1.  **FINDINGS:** {F}\n2.  **IMPRESSION:** {I}\n3.  **URGENCY:** critical\n4.  **RECOMMENDATION:** {R}",
    ),
    _tension(
        "bold numbers",
        f"**1. Findings**\n{F}\n\n**2. Impression**\n{I}\n\n**3. Urgency**\nCritical.\n\n**4. Recommendation**\n{R}",
    ),
    _tension(
        "bracketed numbers",
        f"(1) Findings: {F}\n(2) Impression: {I}\n(3) Urgency: Critical\n(4) Recommendations: {R}",
    ),
    _tension(
        "bullets", f"- Findings: {F}\n- Impression: {I}\n- Urgency: critical\n- Recommendation: {R}"
    ),
    _tension(
        "stars",
        f"*   **Findings:** {F}\n*   **Impression:** {I}\n*   **Urgency:** Critical\n*   **Recommendation:** {R}",
    ),
    _tension(
        "dashes", f"FINDINGS - {F}\nIMPRESSION - {I}\nURGENCY - critical\nRECOMMENDATION - {R}"
    ),
    _tension(
        "long dashes",
        f"Findings \u2014 {F}\nImpression \u2014 {I}\nUrgency \u2014 critical\nRecommendation \u2014 {R}",
    ),
    _tension(
        "key and overall",
        f"**Key Findings:**\n{F}\n\n**Overall Impression:**\n{I}\n\n**Urgency Level:** Critical\n\n**Recommendations:**\n{R}",
    ),
    _tension(
        "impression first",
        f"IMPRESSION: {I}\nFINDINGS: {F}\nURGENCY: critical\nRECOMMENDATION: {R}",
    ),
    _tension(
        "urgency first", f"URGENCY: critical\nFINDINGS: {F}\nIMPRESSION: {I}\nRECOMMENDATION: {R}"
    ),
    _tension(
        "JSON in a fence",
        f'```json\n{{\n  "findings": "{F}",\n  "impression": "{I}",\n  "urgency": "critical",\n  "recommendation": "{R}"\n}}\n```',
    ),
    _tension(
        "JSON",
        f'{{"findings": "{F}", "impression": "{I}", "urgency": "critical", "recommendation": "{R}"}}',
    ),
    _tension(
        "JSON, capitals",
        f'{{"FINDINGS": "{F}", "IMPRESSION": "{I}", "URGENCY": "Critical", "RECOMMENDATION": "{R}"}}',
    ),
    Answer(
        form="JSON nested",
        f=F,
        i=I,
        u=CRITICAL,
        r=R,
        rest="report:",
        text=f'{{"report": {{"findings": "{F}", "impression": "{I}", "urgency_level": "critical", "recommendations": ["{R}"]}}}}',
    ),
    _tension(
        "table",
        f"| Section | Content |\n|---|---|\n| Findings | {F} |\n| Impression | {I} |\n| Urgency | Critical |\n| Recommendation | {R} |",
    ),
    _tension(
        "table, bold",
        f"| **Section** | **Details** |\n| :--- | :--- |\n| **Findings** | {F} |\n| **Impression** | {I} |\n| **Urgency** | **Critical** |\n| **Recommendation** | {R} |",
    ),
    _tension(
        "table across",
        f"| Findings | Impression | Urgency | Recommendation |\n|---|---|---|---|\n| {F} | {I} | critical | {R} |",
    ),
    _tension(
        "marked thought",
        f"<unused94>thought\nThe user wants four sections.\nFINDINGS: nothing yet.<unused95>FINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION: {R}",
    ),
    _tension(
        "thought's end alone",
        f"thought\nThe user wants four sections.<unused95>FINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION: {R}",
    ),
    _tension(
        "bare thought",
        f"thought\nThe user wants a report. I see air on the right.\nI will write it now.\n\nFINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION: {R}",
    ),
    _tension(
        "bare thought with a draft",
        f"thought\nPlan:\nFINDINGS: clear?\nIMPRESSION: normal?\nNo, look again.\n\n**FINDINGS:** {F}\n**IMPRESSION:** {I}\n**URGENCY:** critical\n**RECOMMENDATION:** {R}",
    ),
    _tension(
        "signs before the headings",
        f"\U0001fac1 **Findings:** {F}\n\U0001f9e0 **Impression:** {I}\n\U0001f6a8 **Urgency:** Critical\n\u2705 **Recommendation:** {R}",
    ),
    _tension(
        "quoted lines",
        f"> FINDINGS: {F}\n> IMPRESSION: {I}\n> URGENCY: critical\n> RECOMMENDATION: {R}",
    ),
    _tension(
        "rules between",
        f"FINDINGS: {F}\n\n---\n\nIMPRESSION: {I}\n\n---\n\nURGENCY: critical\n\n---\n\nRECOMMENDATION: {R}",
    ),
    _tension(
        "Conclusion and Plan", f"Observations: {F}\nConclusion: {I}\nTriage: critical\nPlan: {R}"
    ),
    _tension(
        "chest X-ray findings",
        f"**Chest X-ray Findings:**\n{F}\n**Radiological Impression:**\n{I}\n**Urgency:** Critical\n**Management:**\n{R}",
    ),
    _tension(
        "assessment",
        f"Findings:\n{F}\n\nAssessment:\n{I}\n\nPriority: critical\n\nNext steps:\n{R}",
    ),
    _tension(
        "underlined headings",
        f"__Findings__: {F}\n__Impression__: {I}\n__Urgency__: critical\n__Recommendation__: {R}",
    ),
    _tension(
        "twice the same",
        f"FINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION: {R}\nIMPRESSION: {I}",
    ),
    _normal(
        "normal as asked",
        f"FINDINGS: {N}\nIMPRESSION: {NI}\nURGENCY: routine\nRECOMMENDATION: {NR}",
    ),
    _normal(
        "normal in one line",
        f"FINDINGS: {N} IMPRESSION: {NI} URGENCY: routine. RECOMMENDATION: {NR}",
    ),
    _normal(
        "normal, bold alone",
        f"**Findings**\n\n{N}\n\n**Impression**\n\n{NI}\n\n**Urgency**\n\nRoutine\n\n**Recommendation**\n\n{NR}",
    ),
    _normal(
        "normal, low urgency",
        f"Findings: {N}\nImpression: {NI}\nUrgency: Low\nRecommendation: {NR}",
    ),
    _normal(
        "normal, bullets in sections",
        f"**FINDINGS:**\n* The lungs are clear.\n* The heart is of normal size.\n\n**IMPRESSION:**\n* {NI}\n\n**URGENCY:**\n* Routine\n\n**RECOMMENDATION:**\n* {NR}",
    ),
    _normal(
        "normal, numbers with brackets",
        f"1) Findings: {N}\n2) Impression: {NI}\n3) Urgency: routine\n4) Recommendation: {NR}",
    ),
    _normal(
        "normal, JSON with a list",
        f'```\n{{"findings": ["The lungs are clear.", "The heart is of normal size."], "impression": "{NI}", "urgency": "routine", "recommendation": "{NR}"}}\n```',
    ),
    _french(
        "French",
        f"R\u00c9SULTATS : {FR_F}\nIMPRESSION : {FR_I}\nURGENCE : urgent\nRECOMMANDATION : {FR_R}",
    ),
    _french(
        "French, other names",
        f"CONSTATATIONS : {FR_F}\nCONCLUSION : {FR_I}\nDEGR\u00c9 D\u2019URGENCE : urgent\nCONDUITE \u00c0 TENIR : {FR_R}",
    ),
    _french(
        "French, without accents",
        f"RESULTATS: {FR_F}\nCONCLUSION: {FR_I}\nDEGRE D'URGENCE: urgent\nCONDUITE A TENIR: {FR_R}",
    ),
    _french(
        "French, decomposed accents",
        f"RE\u0301SULTATS : {FR_F}\nCONCLUSION : {FR_I}\nDEGRE\u0301 D\u2019URGENCE : urgent\nCONDUITE A\u0300 TENIR : {FR_R}",
    ),
    _french(
        "French, bold",
        f"**Constatations :**\n{FR_F}\n\n**Impression :**\n{FR_I}\n\n**Niveau d\u2019urgence :** Urgent\n\n**Recommandations :**\n{FR_R}",
    ),
    _french(
        "French, OBSERVATIONS",
        f"OBSERVATIONS\u00a0: {FR_F}\nCONCLUSION\u00a0: {FR_I}\nURGENCE\u00a0: urgente\nPRISE EN CHARGE\u00a0: {FR_R}",
    ),
    _french(
        "French in English headings",
        f"FINDINGS: {FR_F}\nIMPRESSION: {FR_I}\nURGENCY: urgent\nRECOMMENDATION: {FR_R}",
    ),
    _french(
        "French in one line",
        f"CONSTATATIONS : {FR_F} CONCLUSION : {FR_I} URGENCE : urgent. RECOMMANDATIONS : {FR_R}",
    ),
    _french(
        "French, hash headings",
        f"## R\u00e9sultats\n{FR_F}\n\n## Impression\n{FR_I}\n\n## Urgence\nUrgent\n\n## Recommandation\n{FR_R}",
    ),
    Answer(
        form="Portuguese",
        text=f"ACHADOS: {PT_F}\nIMPRESS\u00c3O: {PT_I}\nURG\u00caNCIA: urgente\nRECOMENDA\u00c7\u00c3O: {PT_R}",
        f=PT_F,
        i=PT_I,
        u=URGENT,
        r=PT_R,
    ),
    Answer(
        form="Portuguese, bold",
        text=f"**Achados:** {PT_F}\n**Conclus\u00e3o:** {PT_I}\n**Grau de urg\u00eancia:** Urgente\n**Conduta:** {PT_R}",
        f=PT_F,
        i=PT_I,
        u=URGENT,
        r=PT_R,
    ),
    Answer(
        form="Portuguese without accents",
        text=f"Achados: {PT_F}\nImpressao: {PT_I}\nUrgencia: rotina\nRecomendacoes: {PT_R}",
        f=PT_F,
        i=PT_I,
        u=ROUTINE,
        r=PT_R,
    ),
    Answer(
        form="Spanish",
        text=f"HALLAZGOS: {ES_F}\nIMPRESI\u00d3N: {ES_I}\nURGENCIA: urgente\nRECOMENDACI\u00d3N: {ES_R}",
        f=ES_F,
        i=ES_I,
        u=URGENT,
        r=ES_R,
    ),
    Answer(
        form="Spanish, bold alone",
        text=f"**Hallazgos**\n{ES_F}\n\n**Conclusi\u00f3n**\n{ES_I}\n\n**Nivel de urgencia**\nCr\u00edtico\n\n**Recomendaciones**\n{ES_R}",
        f=ES_F,
        i=ES_I,
        u=CRITICAL,
        r=ES_R,
    ),
    Answer(
        form="Hausa in English headings",
        text=f"FINDINGS: {HA_F}\nIMPRESSION: {HA_I}\nURGENCY: urgent\nRECOMMENDATION: {HA_R}",
        f=HA_F,
        i=HA_I,
        u=URGENT,
        r=HA_R,
    ),
    Answer(
        form="Hausa",
        text=f"ABIN DA AKA GANI: {HA_F}\nKAMMALAWA: {HA_I}\nGAGGAWA: na gaggawa\nSHAWARA: {HA_R}",
        f=HA_F,
        i=HA_I,
        u=URGENT,
        r=HA_R,
    ),
    Answer(
        form="no sections",
        text="The picture shows a clear chest.\nNo fracture is seen.",
        rest="The picture shows a clear chest. No fracture is seen.",
    ),
    Answer(
        form="a preamble",
        text=f"Here is my report of the film:\n\n**Findings:** {N}\n**Impression:** {NI}",
        f=N,
        i=NI,
        rest="Here is my report of the film:",
    ),
    Answer(
        form="disclaimer under a heading",
        text=f"FINDINGS: {N}\nIMPRESSION: {NI}\nURGENCY: routine\nRECOMMENDATION: {NR}\n\n**Disclaimer:** {SELF}",
        f=N,
        i=NI,
        u=ROUTINE,
        r=NR,
        about=SELF,
    ),
    Answer(
        form="disclaimer within a section",
        text=f"FINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION: {R} {SELF}",
        f=F,
        i=I,
        u=CRITICAL,
        r=R,
        about=SELF,
    ),
    Answer(
        form="disclaimer first",
        text=f"{SELF}\n\nFINDINGS: {F}\nIMPRESSION: {I}\nURGENCY: critical",
        f=F,
        i=I,
        u=CRITICAL,
        about=SELF,
    ),
    Answer(
        form="urgency with a reason",
        text=f"FINDINGS: {F}\nURGENCY: Critical (tension).\nRECOMMENDATION: {R}",
        f=F,
        u=CRITICAL,
        r=R,
    ),
    Answer(
        form="urgency in a sentence",
        text=f"Findings: {F}\nUrgency: This needs immediate attention.\nRecommendation: {R}",
        f=F,
        u=CRITICAL,
        r=R,
    ),
    Answer(
        form="echo of the choice",
        text=f"FINDINGS: {N}\nURGENCY: critical, urgent or routine\nIMPRESSION: {NI}",
        f=N,
        i=NI,
    ),
    Answer(
        form="no picture of a patient",
        text="FINDINGS: This is not a medical picture. It shows a bicycle.\nIMPRESSION: No reading.\nURGENCY: not applicable",
        f="This is not a medical picture. It shows a bicycle.",
        i="No reading.",
        u=NOT_MEDICAL,
    ),
    Answer(
        form="practice model, no film",
        text="FINDINGS: Not a chest film: this picture cannot be read.\nIMPRESSION: No reading.\nURGENCY: not stated\nRECOMMENDATION: Send a photo of the chest film that fills the picture.",
        f="Not a chest film: this picture cannot be read.",
        i="No reading.",
        u=NOT_MEDICAL,
        r="Send a photo of the chest film that fills the picture.",
    ),
    Answer(
        form="practice model",
        text="FINDINGS: A large pneumothorax on the left (the patient's left, at the right of the picture).\nIMPRESSION: Pneumothorax on the left.\nURGENCY: critical\nRECOMMENDATION: Call a clinician at once; watch the breathing and the oxygen.",
        f="A large pneumothorax on the left (the patient's left, at the right of the picture).",
        i="Pneumothorax on the left.",
        u=CRITICAL,
        r="Call a clinician at once; watch the breathing and the oxygen.",
    ),
    Answer(form="cut off", text=f"FINDINGS: {F}\nIMPRESSION: {I}\nURG", f=F, i=f"{I} URG"),
    Answer(
        form="JSON cut off",
        text=f'{{"findings": "{F}", "impression": "Tension pneu',
        f=F,
        i="Tension pneu",
    ),
    Answer(
        form="technique and comparison",
        text=f"TECHNIQUE: Single AP view.\nCOMPARISON: None.\nFINDINGS: {N}\nIMPRESSION: {NI}\nURGENCY: routine",
        f=N,
        i=NI,
        u=ROUTINE,
        rest="TECHNIQUE: Single AP view. COMPARISON: None.",
    ),
    Answer(
        form="subheadings in findings",
        text=f"**Findings:**\n\n* **Lungs:** Clear.\n* **Heart:** Normal.\n* **Bones:** No fracture.\n\n**Impression:** {NI}",
        f="**Lungs:** Clear. **Heart:** Normal. **Bones:** No fracture.",
        i=NI,
    ),
    Answer(
        form="no colon in running text",
        text=f"FINDINGS: The findings are subtle and the impression is of haze.\nIMPRESSION: {NI}",
        f="The findings are subtle and the impression is of haze.",
        i=NI,
    ),
    Answer(
        form="critical findings: none",
        text=f"FINDINGS: {N}\nCritical findings: none.\nIMPRESSION: {NI}\nURGENCY: routine",
        f=f"{N} Critical findings: none.",
        i=NI,
        u=ROUTINE,
    ),
    Answer(
        form="list under recommendation",
        text=f"IMPRESSION: {I}\nURGENCY: critical\nRECOMMENDATION:\n1. Oxygen.\n2. Needle decompression.\n3. Refer.",
        i=I,
        u=CRITICAL,
        r="1. Oxygen. 2. Needle decompression. 3. Refer.",
    ),
    Answer(
        form="numbered advice",
        text=f"IMPRESSION: {I}\nRECOMMENDATION:\n1. Assessment: look at the drain.\n2. Oxygen.\nURGENCY: critical",
        i=I,
        u=CRITICAL,
        r="1. Assessment: look at the drain. 2. Oxygen.",
    ),
    Answer(
        form="the choice within the heading",
        text=f"FINDINGS: {N}\nURGENCY (critical, urgent or routine): routine\nIMPRESSION: {NI}",
        f=N,
        i=NI,
        u=ROUTINE,
    ),
    Answer(
        form="urgency only in prose",
        text="The film shows air under the diaphragm. The urgency is critical.",
        u=CRITICAL,
        rest="The film shows air under the diaphragm. The urgency is critical.",
    ),
    Answer(
        form="a second, milder urgency",
        text=f"FINDINGS: {F}\nURGENCY: critical\nIMPRESSION: {I}\nURGENCY: routine",
        f=F,
        i=I,
        u=CRITICAL,
    ),
    Answer(
        form="findings in two places",
        text=f"FINDINGS: The lungs are clear.\nIMPRESSION: {NI}\nFINDINGS: The heart is of normal size.",
        f=N,
        i=NI,
    ),
    Answer(form="only an impression", text=f"IMPRESSION: {NI}", i=NI),
    Answer(
        form="title with the picture's kind",
        text=f"# Chest X-ray Report\n\n## Findings\n{N}\n\n## Impression\n{NI}\n\n## Urgency\nRoutine",
        f=N,
        i=NI,
        u=ROUTINE,
        rest="Chest X-ray Report",
    ),
    Answer(
        form="findings of a part",
        text=f"**Right knee findings:** No fracture.\n**Impression:** {NI}",
        f="Right knee findings: No fracture.",
        i=NI,
    ),
    Answer(
        form="thought alone",
        text="<unused94>thought\nThe user wants FINDINGS: and so on, and this is cut off",
    ),
)
