namespace ClosedLoop.Alerting.Sinks;

/// <summary>Slack's words for what went wrong that stay so until somebody mends it, with the fix. Any other word is tried again later.</summary>
internal static class SlackErrors
{
    private static readonly Dictionary<string, string> Fixes = new(StringComparer.Ordinal)
    {
        ["channel_not_found"] = "set Channel to the id of a channel that the bot may see",
        ["not_in_channel"] = "invite the bot to the channel",
        ["is_archived"] = "name a channel that is not archived",
        ["channel_is_archived"] = "name a channel that is not archived",
        ["invalid_auth"] = "set a valid BotToken",
        ["not_authed"] = "set a valid BotToken",
        ["account_inactive"] = "the bot was removed: install it again and set its BotToken",
        ["token_revoked"] = "install the bot again and set its BotToken",
        ["token_expired"] = "install the bot again and set its BotToken",
        ["missing_scope"] = "give the bot the scope chat:write",
        ["no_permission"] = "give the bot the scope chat:write",
        ["not_allowed_token_type"] = "set a bot's token, xoxb-…",
        ["restricted_action"] = "let the bot post in this channel",
        ["action_prohibited"] = "an administrator forbids it: let the webhook post, or name another channel",
        ["posting_to_general_channel_denied"] = "name another channel",
        ["org_login_required"] = "the workspace is being moved: set up the bot again there",
        ["ekm_access_denied"] = "an administrator suspended posting",
        ["no_service"] = "the webhook was disabled or removed: make a new one and set WebhookUrl",
        ["no_service_id"] = "copy WebhookUrl again",
        ["no_team"] = "copy WebhookUrl again",
        ["no_active_hooks"] = "the webhook was disabled: make a new one and set WebhookUrl",
        ["invalid_token"] = "copy WebhookUrl again",
        ["team_disabled"] = "the workspace was disabled: use another",
        ["user_not_found"] = "the webhook's user is gone: make a new webhook",
        ["invalid_payload"] = "report it with the notice's text: it is not what Slack takes",
        ["invalid_blocks"] = "report it with the notice's text: it is not what Slack takes",
        ["invalid_arguments"] = "report it with the notice's text: it is not what Slack takes",
        ["no_text"] = "let Render return text",
        ["msg_too_long"] = "let Render return less text",
        ["msg_blocks_too_long"] = "let Render return less text",
    };

    /// <summary>The fix; null when it may pass by itself.</summary>
    public static string? Fix(string error) => Fixes.GetValueOrDefault(error);

    /// <summary>Whether the message that was to be changed cannot be any more, so that a new one is needed.</summary>
    public static bool IsGone(string error) => error is "message_not_found" or "cant_update_message" or "edit_window_closed" or "thread_not_found";
}
