namespace ClosedLoop.Alerting.Sinks;

/// <summary>Checks the options.</summary>
internal static class SlackOptionsRules
{
    public static SinkProblems Check(SlackOptions options)
    {
        var problems = new SinkProblems(SinkRegistration.Path("Slack", options.Name), options);
        if (options.WebhookUrl is null && string.IsNullOrWhiteSpace(options.BotToken))
        {
            problems.Add(nameof(options.WebhookUrl), "is not set", "set an incoming webhook's address, or BotToken and Channel");
            return problems;
        }
        if (options.WebhookUrl is not null)
        {
            problems.Address(nameof(options.WebhookUrl), options.WebhookUrl, "copy the incoming webhook's address, https://hooks.slack.com/services/…");
            if (options.BotToken is not null) problems.Add(nameof(options.BotToken), "is set beside WebhookUrl", "set one of them: the bot keeps one message up to date, the webhook posts a new one each time");
            return problems;
        }
        problems.Token(nameof(options.BotToken), options.BotToken, "copy the Bot User OAuth Token, xoxb-…");
        if (string.IsNullOrWhiteSpace(options.Channel)) problems.Add(nameof(options.Channel), "is not set", "set the channel's id, such as C0123456789, and invite the bot");
        problems.Address(nameof(options.ApiAddress), options.ApiAddress, "use https://slack.com/api/");
        return problems;
    }
}
