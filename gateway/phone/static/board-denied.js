/** The board's page for whoever may not look: its words in the reader's language. */

import { translatePage } from "./strings.js";

translatePage();
