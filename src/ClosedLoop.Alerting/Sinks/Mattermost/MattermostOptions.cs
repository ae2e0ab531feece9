namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// Which Mattermost channel is told, and how: through an incoming webhook (a new post for each notice), or as a bot (one post for each incident, which
/// is kept up to date).
/// </summary>
public sealed class MattermostOptions : TextSinkOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public MattermostOptions()
        : base("mattermost")
    {
    }

    /// <summary>The incoming webhook's address, <c>https://…/hooks/…</c>; its path is a secret. Set either this, or <see cref="Server"/>, <see cref="Token"/> and <see cref="ChannelId"/>.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>The channel's name for a webhook that is not locked to one, such as <c>town-square</c>. The default is null: the webhook's own.</summary>
    public string? Channel { get; set; }

    /// <summary>The server's address, such as <c>https://chat.example.org/</c>, for a bot.</summary>
    public Uri? Server { get; set; }

    /// <summary>The bot account's access token.</summary>
    public string? Token { get; set; }

    /// <summary>The channel's id, 26 letters and digits; the bot must be a member.</summary>
    public string? ChannelId { get; set; }

    /// <summary>Whether a bot also answers in the post's thread when an incident is told again, escalates or ends. Changing a post notifies nobody. The default is true.</summary>
    public bool ReplyInThread { get; set; } = true;
}
