namespace ClosedLoop.Alerting.Sinks;

/// <summary>Checks the options.</summary>
internal static class MattermostOptionsRules
{
    private const int IdLength = 26;

    public static SinkProblems Check(MattermostOptions options)
    {
        var problems = new SinkProblems(SinkRegistration.Path("Mattermost", options.Name), options);
        if (options.WebhookUrl is null && options.Server is null && options.Token is null)
        {
            problems.Add(nameof(options.WebhookUrl), "is not set", "set an incoming webhook's address, or Server, Token and ChannelId");
            return problems;
        }
        if (options.WebhookUrl is not null)
        {
            problems.Address(nameof(options.WebhookUrl), options.WebhookUrl, "copy the incoming webhook's address, https://…/hooks/…");
            if (options.Token is not null) problems.Add(nameof(options.Token), "is set beside WebhookUrl", "set one of them: the bot keeps one post up to date, the webhook makes a new one each time");
            return problems;
        }
        problems.Address(nameof(options.Server), options.Server, "set the server's address, such as https://chat.example.org/");
        problems.Token(nameof(options.Token), options.Token, "copy the bot account's access token");
        if (!IsId(options.ChannelId)) problems.Add(nameof(options.ChannelId), "is not a channel's id", "copy it from the channel's View Info: 26 lower-case letters and digits");
        return problems;
    }

    public static bool IsId(string? text) => text is { Length: IdLength } && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
