/**
 * The shapes of the phone chat's HTTP interface, as `view.py` and `routes.py` make them, and of what
 * the page's own modules give each other. For the type checker alone: no phone loads this file.
 */

/** Formatting of a part of a text (Bot API, `MessageEntity`), in UTF-16 code units. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  custom_emoji_id?: string;
}

export interface Button {
  text: string;
  data: string;
  url?: string;
  style?: "danger" | "success" | "primary";
  /** True of a kind that cannot be pressed here. */
  disabled?: boolean;
  /** True where a picture stands beside it. */
  pictured?: boolean;
}

/** The group that a message is in; null in its place stands for the reader's own chat. */
export interface Group {
  chat_id: number;
  title?: string;
}

export interface Quote {
  message_id: number;
  text: string;
  photo: boolean;
  /** Of its picture, small. */
  thumb_id?: string | null;
  author?: string | null;
}

/** A picture that the gateway has, by its ids, or that this phone still has, by its address. */
export type Photo = { width: number; height: number } & (
  | { thumb_id: string; file_id: string; url?: undefined }
  | { url: string }
);

export interface Attachment {
  file_id?: string;
  file_name: string | null;
  mime_type?: string | null;
  file_size: number | null;
  /** Of its small picture. */
  thumb_id?: string | null;
}

/** What a chat tells of itself (Bot API, `Message`). */
export interface Service {
  new_chat_members?: { first_name: string }[];
  left_chat_member?: { first_name: string };
  pinned_message?: object;
}

/** A reply keyboard; without rows it takes the one before away. */
export interface ReplyKeyboard {
  rows: string[][];
  force_reply: boolean;
  one_time: boolean;
  placeholder: string | null;
}

/** The keyboard that stands now, with the message that it came with. */
export type OfferedKeyboard = ReplyKeyboard & { message_id: number };

/** What a bubble shows: a message that the gateway has, or one on its way to it. */
export interface ShownMessage {
  message_id: number | null;
  client_id: string | null;
  date: number;
  outgoing: boolean;
  chat: Group | null;
  text: string;
  entities: Entity[];
  reply_to: Quote | null;
  photo: Photo | null;
  document: Attachment | null;
  author?: string | null;
  service?: Service | null;
  buttons?: Button[][] | null;
  protected?: boolean;
  /** True of pictures that are blurred until a tap opens them. */
  covered?: boolean;
  caption_above?: boolean;
  film_corners?: Corners | null;
  reaction?: string | null;
  state?: "sent" | "delivered";
  /** Of a message on its way alone. */
  local?: { state: OutboxState; error: string; bytes: number };
}

/** A message that the gateway has. */
export interface Message extends ShownMessage {
  message_id: number;
  edit_date: number | null;
  media_group_id: string | null;
  keyboard: ReplyKeyboard | null;
  state: "sent" | "delivered";
}

export interface Command {
  command: string;
  description: string;
}

export interface Bot {
  name: string;
  commands: Command[];
}

export interface Me {
  name: string;
  language_code: string | null;
}

/** The answer of `GET /chat/messages`. */
export interface HistoryPage {
  messages: Message[];
  me: Me;
  pin: boolean;
  bot: Bot;
  chats: { chat_id: number; title: string; newest_id: number }[];
  keyboard: OfferedKeyboard | null;
  pinned: Quote | null;
  samples: boolean;
  board: boolean;
  alarms: Alarm[];
}

/** An alarm that nobody has taken; `since` is unix seconds, `sound` whether it may be heard. */
export interface Alarm {
  message_id: number;
  code: string;
  title: string;
  text: string;
  since: number;
  sound: boolean;
  buttons: Button[];
}

/** A page, and how many messages it had as it was fetched: some may have been deleted meanwhile. */
export type FetchedPage = HistoryPage & { fetched: number };

/** Which messages of which chat are asked for. */
export interface Range {
  chat?: number;
  after?: number;
  before?: number;
  limit?: number;
}

/** What the gateway says where it refuses. */
export interface Refusal {
  error?: string;
  wait_s?: number;
  tries_left?: number;
}

export interface Pass {
  pass?: string;
}

/** Where somebody is signed in; times are unix seconds. */
export interface SignIn {
  session_id: number;
  since: number;
  seen: number;
  is_this: boolean;
}

export interface Sample {
  name: string;
  title: string;
  caption: string;
  url: string;
}

/** What sends the clinic's SMS: when it was last heard, unix seconds, and what is wrong with it. */
export interface SmsLine {
  name: string;
  heard_at: number | null;
  fault: string | null;
}

/** The ward's state, as the event `board` tells it; times are unix seconds of the gateway's clock. */
export interface Board {
  now: number;
  told_at: number;
  waiting: number;
  waiting_since: number | null;
  reading: number;
  reading_since: number | null;
  urgent: number;
  unknown?: number;
  urgent_cases: { code: string; urgency: string }[];
  /** Alarms that nobody has taken, and since when the oldest of them rings. */
  ringing?: number;
  ringing_since?: number | null;
  answered: number;
  failed: number;
  wait_p50_s: number | null;
  engine: { state: "ready" | "starting" | "failed"; model: string; tier: string; practice: boolean };
  sms?: SmsLine[];
}

/** What the events of `GET /chat/events` bring, by their kind; of a group's, after `group_`. */
export interface EventData {
  message: Message;
  edited: Message;
  deleted: { message_ids: number[]; chat_id?: number };
  pinned: { chat_id?: number };
  action: { chat_id?: number };
  alarms: { alarms: Alarm[] };
  answer: { text: string | null; alert: boolean };
  state: { message_ids: number[]; state: "sent" | "delivered" };
  commands: object;
  chats: object;
  language: { language_code: string };
  locked: object;
}

export type OutboxState = "waiting" | "sending" | "unreached" | "refused";
export type SendAs = "photo" | "document";

/** A file to send; pictures have their size. */
export interface Part {
  blob: Blob;
  name: string;
  width?: number;
  height?: number;
  /** Of the film in it, where somebody set or confirmed them. */
  corners?: Corners | null;
  /** By what name the gateway holds it, so that it need not be sent again. */
  held?: string;
}

/** A message as the reader made it. */
export interface Outgoing {
  text: string;
  as: SendAs;
  chat: number | null;
  replyTo: Message | null;
  parts: Part[];
}

/** The same on its way. */
export interface OutboxItem extends Outgoing {
  clientId: string;
  session: string | null;
  date_s: number;
  /** Its key in the phone's database, where there is one. */
  order?: number;
  state: OutboxState;
  error: string;
}

/** A film's corners from its top left clockwise, in fractions of the picture's width and height. */
export type Corners = [number, number][];

/** What is wrong with a photo of a film, so that it should be taken again (`pictures.PhotoFault`). */
export type PhotoFault =
  | "blur"
  | "glare"
  | "dark"
  | "low_contrast"
  | "cut_off"
  | "too_small"
  | "tilted"
  | "moire"
  | "finger"
  | "two_films";

/** From where on (`pictures.photo_limits`). */
export type PhotoLimits = Record<
  | "bright"
  | "spread_of_bright"
  | "white"
  | "rim"
  | "measurable_spread"
  | "detail"
  | "size"
  | "turned_degrees"
  | "at_border",
  number
>;

/** What the gateway sees in a photo that is not sent yet. */
export interface Seen {
  corners: Corners | null;
  faults: PhotoFault[];
}

/** A part of a picture, in fractions of its width and height. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What a tap in a bubble can ask for. */
export interface BubbleActions {
  reply(message: Message): void;
  jump(messageId: number): void;
  show(url: string, label: string, isProtected: boolean, corners: Corners | null): void;
  press(message: Message, data: string, button: HTMLButtonElement): void;
  commandOf(command: string): HTMLElement;
  botName(): string;
  retry(clientId: string): void;
  edit(clientId: string): void;
  discard(clientId: string): void;
}

/** Attributes of an element; `on…` functions become listeners; null is left out. */
export type Traits = Record<string, string | boolean | null | ((event: any) => void)>;

/** The elements of the templates that are more than an `HTMLElement`, by their id. */
export interface ElementById {
  "about-age": HTMLInputElement;
  "about-f": HTMLButtonElement;
  "about-m": HTMLButtonElement;
  "about-record": HTMLInputElement;
  "camera-input": HTMLInputElement;
  "caption": HTMLTextAreaElement;
  "code": HTMLInputElement;
  "composer": HTMLFormElement;
  "crop-image": HTMLImageElement;
  "cropper": HTMLDialogElement;
  "file-input": HTMLInputElement;
  "go": HTMLButtonElement;
  "lock": HTMLDialogElement;
  "lock-again": HTMLInputElement;
  "lock-current": HTMLInputElement;
  "lock-form": HTMLFormElement;
  "lock-new": HTMLInputElement;
  "menu": HTMLDialogElement;
  "name": HTMLInputElement;
  "not-mine": HTMLButtonElement;
  "pin": HTMLInputElement;
  "preview": HTMLDialogElement;
  "preview-corners": HTMLButtonElement;
  "preview-crop": HTMLButtonElement;
  "preview-original": HTMLInputElement;
  "preview-rotate": HTMLButtonElement;
  "preview-send": HTMLButtonElement;
  "question": HTMLDialogElement;
  "samples": HTMLDialogElement;
  "sign-ins": HTMLDialogElement;
  "text": HTMLTextAreaElement;
  "viewer": HTMLDialogElement;
  "viewer-image": HTMLImageElement;
}
