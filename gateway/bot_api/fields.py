"""Fields that many methods share, declared once.

Source: Bot API, section "Available methods".
"""

from gateway.bot_api.method import Fields

BUSINESS = Fields(refuses={"business_connection_id": "business connection not found"})

_ONE_READER = "messages that one person alone sees are not supported by this server"
NARROWING = Fields(
    refuses={
        **dict.fromkeys(
            ("receiver_user_id", "ephemeral_message_parameters", "callback_query_id"), _ONE_READER
        ),
        "direct_messages_topic_id": "direct messages topic not found",
        "suggested_post_parameters": "suggested posts are not supported by this server",
    }
)
"""What says who shall see a message, or that somebody must agree to it first: to take it and
ignore it would show the message to all."""

SENDING = (
    BUSINESS
    + NARROWING
    + Fields(
        takes=(
            "chat_id reply_parameters reply_to_message_id allow_sending_without_reply reply_markup"
            " protect_content"
        ),
        ignores=("message_thread_id disable_notification allow_paid_broadcast message_effect_id"),
    )
)

CAPTION = Fields(takes="caption parse_mode caption_entities")

EDITING = BUSINESS + Fields(
    takes="chat_id message_id reply_markup",
    refuses={"inline_message_id": "inline messages are not supported by this server"},
)

LINKS = Fields(takes="link_preview_options disable_web_page_preview")

THUMBNAIL = Fields(takes="thumbnail thumb")

LOOKS = Fields(takes="has_spoiler show_caption_above_media")
