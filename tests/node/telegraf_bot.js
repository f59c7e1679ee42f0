/** The small bot of tests/small_bot.py, written with telegraf. */

import { createServer } from "node:http";
import { Markup, Telegraf } from "telegraf";
import { message } from "telegraf/filters";

const { GATEWAY_URL, BOT_TOKEN, DELIVERY } = process.env;
const bot = new Telegraf(BOT_TOKEN, { telegram: { apiRoot: GATEWAY_URL } });

async function fetchFile(fileId) {
  const answer = await fetch(await bot.telegram.getFileLink(fileId));
  return Buffer.from(await answer.arrayBuffer());
}

bot.start((ctx) =>
  ctx.reply(
    `joined with ${ctx.payload}`,
    Markup.inlineKeyboard([Markup.button.callback("Yes", "yes")]),
  ),
);
bot.action("yes", async (ctx) => {
  await ctx.answerCbQuery("noted");
  await ctx.editMessageText("pressed yes");
});
bot.on(message("photo"), async (ctx) => {
  const largest = ctx.message.photo.at(-1);
  const data = await fetchFile(largest.file_id);
  await ctx.replyWithPhoto(
    { source: data, filename: "film.jpg" },
    {
      caption: `${largest.width} px: ${ctx.message.caption}`,
      // as text: telegraf leaves objects out of the form that it sends files in
      reply_parameters: JSON.stringify({ message_id: ctx.message.message_id }),
    },
  );
  const again = [1, 2].map((number) => ({
    type: "photo",
    media: { source: data },
    caption: `view ${number}`,
  }));
  await ctx.replyWithMediaGroup(again);
});
bot.on(message("document"), async (ctx) => {
  const data = await fetchFile(ctx.message.document.file_id);
  const source = Buffer.from(data.toString().toUpperCase());
  await ctx.replyWithDocument({ source, filename: "back.txt" });
});
bot.hears("edit", async (ctx) => {
  const sent = await bot.telegram.sendMessage(ctx.chat.id, "*before*", {
    parse_mode: "MarkdownV2",
  });
  await bot.telegram.editMessageText(ctx.chat.id, sent.message_id, undefined, "<b>after</b>", {
    parse_mode: "HTML",
  });
});

if (DELIVERY === "webhook") {
  const server = createServer(bot.webhookCallback("/hook", { secretToken: "s3cret" }));
  server.listen(0, "127.0.0.1", async () => {
    const url = `http://127.0.0.1:${server.address().port}/hook`;
    bot.botInfo = await bot.telegram.getMe();
    await bot.telegram.setWebhook(url, { secret_token: "s3cret" });
    console.log("ready");
  });
} else {
  bot.launch(() => console.log("ready"));
}
