namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// Which Slack channel is told, and how: through an incoming webhook (a new message for each notice, as a webhook cannot change one), or as a bot (one
/// message for each incident, which is kept up to date).
/// </summary>
public sealed class SlackOptions : TextSinkOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public SlackOptions()
        : base("slack")
    {
    }

    /// <summary>The incoming webhook's address; its path is a secret. Set either this, or <see cref="BotToken"/> and <see cref="Channel"/>.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>The bot's token, <c>xoxb-…</c>, with the scope <c>chat:write</c>.</summary>
    public string? BotToken { get; set; }

    /// <summary>The channel's id, such as <c>C0123456789</c>; the bot must be in it. A name works for posting only while it is not changed.</summary>
    public string? Channel { get; set; }

    /// <summary>
    /// Whether a bot also answers in the message's thread when an incident is told again, escalates or ends; an escalation is shown in the channel too. Changing a
    /// message notifies nobody. The default is true.
    /// </summary>
    public bool ReplyInThread { get; set; } = true;

    /// <summary>The Web API. The default is <c>https://slack.com/api/</c>.</summary>
    public Uri ApiAddress { get; set; } = new("https://slack.com/api/");
}
