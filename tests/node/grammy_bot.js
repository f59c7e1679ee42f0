/** The small bot of tests/small_bot.py, written with grammY. */

import { createServer } from "node:http";
import { Bot, InlineKeyboard, InputFile, InputMediaBuilder, webhookCallback } from "grammy";

const { GATEWAY_URL, BOT_TOKEN, DELIVERY } = process.env;
const bot = new Bot(BOT_TOKEN, { client: { apiRoot: GATEWAY_URL } });

async function fetchFile(fileId) {
  const { file_path } = await bot.api.getFile(fileId);
  const answer = await fetch(`${GATEWAY_URL}/file/bot${BOT_TOKEN}/${file_path}`);
  return Buffer.from(await answer.arrayBuffer());
}

bot.command("start", (ctx) =>
  ctx.reply(`joined with ${ctx.match}`, { reply_markup: new InlineKeyboard().text("Yes", "yes") }),
);
bot.callbackQuery("yes", async (ctx) => {
  await ctx.answerCallbackQuery("noted");
  await ctx.editMessageText("pressed yes");
});
bot.on("message:photo", async (ctx) => {
  const largest = ctx.message.photo.at(-1);
  const data = await fetchFile(largest.file_id);
  await ctx.replyWithPhoto(new InputFile(data, "film.jpg"), {
    caption: `${largest.width} px: ${ctx.message.caption}`,
    reply_parameters: { message_id: ctx.message.message_id },
  });
  const again = [1, 2].map((number) =>
    InputMediaBuilder.photo(new InputFile(data), { caption: `view ${number}` }),
  );
  await ctx.replyWithMediaGroup(again);
});
bot.on("message:document", async (ctx) => {
  const data = await fetchFile(ctx.message.document.file_id);
  await ctx.replyWithDocument(new InputFile(Buffer.from(data.toString().toUpperCase()), "back.txt"));
});
bot.hears("edit", async (ctx) => {
  const sent = await ctx.reply("*before*", { parse_mode: "MarkdownV2" });
  await ctx.api.editMessageText(ctx.chat.id, sent.message_id, "<b>after</b>", { parse_mode: "HTML" });
});

if (DELIVERY === "webhook") {
  const server = createServer(webhookCallback(bot, "http", { secretToken: "s3cret" }));
  server.listen(0, "127.0.0.1", async () => {
    const url = `http://127.0.0.1:${server.address().port}/hook`;
    await bot.init();
    await bot.api.setWebhook(url, { secret_token: "s3cret" });
    console.log("ready");
  });
} else {
  await bot.start({ onStart: () => console.log("ready") });
}
