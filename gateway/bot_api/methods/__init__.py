"""The methods of the Bot API that this server has, by their lower-case names."""

from collections.abc import Awaitable, Callable

from gateway.bot_api.call import Call
from gateway.bot_api.methods import changing, looking, receiving, sending

Method = Callable[[Call], Awaitable[object]]

METHODS: dict[str, Method] = {
    "getme": receiving.get_me,
    "getupdates": receiving.get_updates,
    "setwebhook": receiving.set_webhook,
    "deletewebhook": receiving.delete_webhook,
    "getwebhookinfo": receiving.get_webhook_info,
    "close": receiving.done,
    "logout": receiving.done,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendmediagroup": sending.send_media_group,
    "sendchataction": sending.send_chat_action,
    "forwardmessage": sending.forward_message,
    "forwardmessages": sending.forward_messages,
    "copymessage": sending.copy_message,
    "copymessages": sending.copy_messages,
    "editmessagetext": changing.edit_message_text,
    "editmessagecaption": changing.edit_message_caption,
    "editmessagereplymarkup": changing.edit_message_reply_markup,
    "deletemessage": changing.delete_message,
    "deletemessages": changing.delete_messages,
    "setmessagereaction": changing.set_message_reaction,
    "answercallbackquery": changing.answer_callback_query,
    "getchat": looking.get_chat,
    "getfile": looking.get_file,
    "setmycommands": looking.set_my_commands,
    "getmycommands": looking.get_my_commands,
    "deletemycommands": looking.delete_my_commands,
}
