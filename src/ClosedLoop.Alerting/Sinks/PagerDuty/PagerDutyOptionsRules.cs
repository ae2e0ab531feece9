namespace ClosedLoop.Alerting.Sinks;

/// <summary>Checks the options.</summary>
internal static class PagerDutyOptionsRules
{
    private const int KeyLength = 32;

    public static SinkProblems Check(PagerDutyOptions options, string kind = "PagerDuty")
    {
        var problems = new SinkProblems(SinkRegistration.Path(kind, options.Name), options);
        if (string.IsNullOrWhiteSpace(options.RoutingKey)) problems.Add(nameof(options.RoutingKey), "is not set", "copy the integration key of the service's Events API v2 integration");
        else if (options.RoutingKey.Length != KeyLength || !options.RoutingKey.All(char.IsAsciiLetterOrDigit)) problems.Add(nameof(options.RoutingKey), $"is not {KeyLength} letters and digits", "copy the integration key of the service's Events API v2 integration, not a REST API key");
        problems.Address(nameof(options.Endpoint), options.Endpoint, "use https://events.pagerduty.com/ or https://events.eu.pagerduty.com/");
        if (string.IsNullOrWhiteSpace(options.Source)) problems.Add(nameof(options.Source), "is not set", "name this ClosedLoop, such as closedloop");
        if (options.ClientUrl is not null) problems.Address(nameof(options.ClientUrl), options.ClientUrl, "set the board's address, or leave it null");
        return problems;
    }
}
