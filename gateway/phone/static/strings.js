/**
 * What the page says, in English and French, and which of the two it speaks.
 *
 * Knows words. Must not know what they are used for. The bot's own texts come in its own language.
 */

const ENGLISH = {
  addPicture: "Add a picture",
  album: "{n} pictures",
  albumTooLong: "At most {n} pictures go in one message. The first {n} are here.",
  answerFailed: "The button did not work. Try again.",
  cancel: "Cancel",
  cancelReply: "Do not reply",
  caption: "Caption",
  captionHint: "Age, sex, your question",
  captionTooLong:
    "The caption is {n} characters too long. Shorten it, or send the rest as a message.",
  choosePicture: "Choose picture or file",
  close: "Close",
  codeMissing: "Type the invite code.",
  commands: "Commands",
  connected: "Connected",
  connecting: "Connecting…",
  delete: "Delete",
  delivered: "delivered",
  discard: "Discard",
  discardQuestion: "Throw this away? It has not been sent.",
  emptyFile: "“{name}” is empty. Choose another file.",
  failed: "Not sent",
  file: "File",
  inviteCode: "Invite code",
  inviteHint: "Your supervisor gives you a code or a link.",
  join: "Join",
  joined: "You joined",
  joinedBefore: "Joined before on this phone?",
  joinLead: "Photograph a film. Get a preliminary reading in the chat.",
  keep: "Keep",
  leave: "Sign out",
  leaveQuestion: "Sign out on this phone? To come back you need a new code.",
  loadingOlder: "Loading…",
  megabytes: "{n} MB",
  menu: "Menu",
  message: "Message",
  messages: "Messages",
  messageTooLong: "The message is {n} characters too long. Send it in two parts.",
  nameHint: "So that your colleagues know who sent a case.",
  nameMissing: "Type your name.",
  newMessage: "1 new message",
  newMessages: "{n} new messages",
  noConnection: "No connection",
  notADevice: "Preliminary and AI-generated. Not a medical device. A clinician must verify.",
  notSent: "Not sent. Tap to try again.",
  offline: "No connection to EdgeRad. Is this phone on the clinic’s Wi-Fi? Trying again…",
  ok: "OK",
  openChat: "Open my chat",
  openFile: "Save file {name}",
  originalHint: "Slower, but keeps every detail: for faint findings.",
  picture: "Picture",
  pictureOf: "Picture {i} of {n}",
  pictures: "Pictures",
  preparing: "Preparing the picture…",
  remove: "Take this picture out",
  reply: "Reply",
  replyTo: "Reply to",
  retry: "Try again",
  rotate: "Turn picture",
  sampleFailed: "The sample could not be loaded. Try again.",
  sampleFilms: "Sample films",
  samplesHint: "For practice, not of your patients. Tap one to send it.",
  send: "Send",
  sending: "sending",
  sendOriginal: "Send original as file",
  sendPicture: "Send picture",
  sent: "sent",
  sessionEnded: "You are signed out. Ask your supervisor for a new link or code.",
  signedInAs: "Signed in as {name}",
  takePicture: "Take a picture",
  tipCaption: "Write age, sex and your question under it.",
  tipFrame: "Fill the frame with the film. Keep the phone straight.",
  tipLight: "Hold the film against a bright window or light box. No flash.",
  today: "Today",
  toEnd: "To the newest message",
  tooLarge: "“{name}” is {size}. At most {max} can be sent. Send a smaller picture.",
  tooLargeTogether:
    "Together the files are {size}. At most {max} can be sent at once. Send them one by one.",
  trySample: "Try a sample film",
  typing: "EdgeRad is writing",
  unreachable:
    "EdgeRad cannot be reached. Check that this phone is on the clinic’s Wi-Fi, then try again.",
  unreadable: "This phone cannot show this file. It will be sent as it is.",
  welcomeTitle: "Send a picture",
  wentWrong: "Something went wrong on EdgeRad’s side. Try again.",
  write: "Write a message",
  yesterday: "Yesterday",
  you: "You",
  yourName: "Your name",
  zoomIn: "Larger",
  zoomOut: "Smaller",
};

const FRENCH = {
  addPicture: "Ajouter une image",
  album: "{n} images",
  albumTooLong: "Un message contient au plus {n} images. Les {n} premières sont ici.",
  answerFailed: "Le bouton n’a pas fonctionné. Réessayez.",
  cancel: "Annuler",
  cancelReply: "Ne pas répondre",
  caption: "Légende",
  captionHint: "Âge, sexe, votre question",
  captionTooLong:
    "La légende a {n} caractères de trop. Raccourcissez-la, ou envoyez la suite en message.",
  choosePicture: "Choisir une image ou un fichier",
  close: "Fermer",
  codeMissing: "Tapez le code d’invitation.",
  commands: "Commandes",
  connected: "Connecté",
  connecting: "Connexion…",
  delete: "Supprimer",
  delivered: "remis",
  discard: "Abandonner",
  discardQuestion: "Abandonner ? Rien n’a été envoyé.",
  emptyFile: "« {name} » est vide. Choisissez un autre fichier.",
  failed: "Non envoyé",
  file: "Fichier",
  inviteCode: "Code d’invitation",
  inviteHint: "Votre superviseur vous donne un code ou un lien.",
  join: "Entrer",
  joined: "Vous êtes entré dans la discussion",
  joinedBefore: "Déjà inscrit sur ce téléphone ?",
  joinLead: "Photographiez un cliché. Recevez une lecture préliminaire dans la discussion.",
  keep: "Garder",
  leave: "Se déconnecter",
  leaveQuestion: "Se déconnecter sur ce téléphone ? Il faudra un nouveau code pour revenir.",
  loadingOlder: "Chargement…",
  megabytes: "{n} Mo",
  menu: "Menu",
  message: "Message",
  messages: "Messages",
  messageTooLong: "Le message a {n} caractères de trop. Envoyez-le en deux parties.",
  nameHint: "Pour que vos collègues sachent qui a envoyé un cas.",
  nameMissing: "Tapez votre nom.",
  newMessage: "1 nouveau message",
  newMessages: "{n} nouveaux messages",
  noConnection: "Pas de connexion",
  notADevice:
    "Préliminaire, produit par une IA. Pas un dispositif médical. Un clinicien doit vérifier.",
  notSent: "Non envoyé. Touchez pour réessayer.",
  offline:
    "Pas de connexion à EdgeRad. Ce téléphone est-il sur le Wi-Fi de la clinique ? Nouvel essai…",
  ok: "OK",
  openChat: "Ouvrir ma discussion",
  openFile: "Enregistrer le fichier {name}",
  originalHint: "Plus lent, mais garde chaque détail : pour les signes discrets.",
  picture: "Image",
  pictureOf: "Image {i} sur {n}",
  pictures: "Images",
  preparing: "Préparation de l’image…",
  remove: "Retirer cette image",
  reply: "Répondre",
  replyTo: "Répondre à",
  retry: "Réessayer",
  rotate: "Tourner l’image",
  sampleFailed: "L’exemple n’a pas pu être chargé. Réessayez.",
  sampleFilms: "Clichés d’exemple",
  samplesHint: "Pour s’exercer, pas de vos patients. Touchez-en un pour l’envoyer.",
  send: "Envoyer",
  sending: "envoi en cours",
  sendOriginal: "Envoyer l’original en fichier",
  sendPicture: "Envoyer l’image",
  sent: "envoyé",
  sessionEnded: "Vous êtes déconnecté. Demandez un nouveau lien ou code à votre superviseur.",
  signedInAs: "Inscrit : {name}",
  takePicture: "Prendre une photo",
  tipCaption: "Écrivez dessous l’âge, le sexe et votre question.",
  tipFrame: "Remplissez le cadre avec le cliché. Tenez le téléphone droit.",
  tipLight: "Tenez le cliché devant une fenêtre claire ou un négatoscope. Sans flash.",
  today: "Aujourd’hui",
  toEnd: "Au dernier message",
  tooLarge: "« {name} » fait {size}. On peut envoyer {max} au plus. Envoyez une image plus petite.",
  tooLargeTogether:
    "Ensemble, les fichiers font {size}. On peut envoyer {max} au plus à la fois. Envoyez-les un par un.",
  trySample: "Essayer un cliché d’exemple",
  typing: "EdgeRad écrit",
  unreachable:
    "EdgeRad est injoignable. Vérifiez que ce téléphone est sur le Wi-Fi de la clinique, puis réessayez.",
  unreadable: "Ce téléphone ne peut pas afficher ce fichier. Il sera envoyé tel quel.",
  welcomeTitle: "Envoyez une image",
  wentWrong: "Une erreur s’est produite chez EdgeRad. Réessayez.",
  write: "Écrire un message",
  yesterday: "Hier",
  you: "Vous",
  yourName: "Votre nom",
  zoomIn: "Plus grand",
  zoomOut: "Plus petit",
};

/** All that the page can say, by language: every language says the same. */
export const DICTIONARIES = { en: ENGLISH, fr: FRENCH };
const NAMES = { en: "English", fr: "Français" };
const STORED = "edgerad.language";

/** The language the page speaks: the one chosen here before, else the phone's, else English. */
export const language = (() => {
  const wanted = localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  return Object.hasOwn(DICTIONARIES, wanted) ? wanted : "en";
})();

/** Say `key` in the page's language, with `{name}` places filled from `values`. */
export function t(key, values = {}) {
  return DICTIONARIES[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Translate what the template wrote in English: `data-t`, `data-t-label`, `data-t-placeholder`. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(element.dataset.t);
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
  for (const element of document.querySelectorAll("[data-t-placeholder]")) {
    element.placeholder = t(element.dataset.tPlaceholder);
  }
}

/** Fill `place` with one button for each language; choosing one reloads the page in it. */
export function offerLanguages(place) {
  place.replaceChildren(
    ...Object.entries(NAMES).map(([code, name]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.lang = code;
      button.textContent = name;
      button.setAttribute("aria-pressed", String(code === language));
      button.addEventListener("click", () => {
        localStorage.setItem(STORED, code);
        location.reload();
      });
      return button;
    }),
  );
}

// The phone's own habits of writing time and numbers where it speaks the same language.
const LOCALES = { en: "en-GB", fr: "fr-FR" };
const locale = navigator.language.startsWith(language) ? navigator.language : LOCALES[language];
const timeFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  day: "numeric",
  month: "long",
});

/** The time of day of a Unix time in seconds, such as `14:05`. */
export function timeOf(date_s) {
  return timeFormat.format(date_s * 1000);
}

/** The day of a Unix time in seconds: today, yesterday, or its name and date. */
export function dayOf(date_s) {
  const day = new Date(date_s * 1000);
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  if (day >= midnight) return t("today");
  midnight.setDate(midnight.getDate() - 1);
  return day >= midnight ? t("yesterday") : dayFormat.format(day);
}

/** Bytes as megabytes for people, such as `2.4 MB`. */
export function megabytes(bytes) {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1e6);
  return t("megabytes", { n });
}
