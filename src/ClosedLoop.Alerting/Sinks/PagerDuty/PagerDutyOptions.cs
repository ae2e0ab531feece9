namespace ClosedLoop.Alerting.Sinks;

/// <summary>Which PagerDuty service is paged, and how.</summary>
public sealed class PagerDutyOptions : TextSinkOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public PagerDutyOptions()
        : base("pagerduty")
    {
    }

    /// <summary>The integration key of a service or a ruleset (Events API v2): 32 letters and digits. Required. The same key must resolve what it triggered.</summary>
    public string? RoutingKey { get; set; }

    /// <summary>The Events API. The default is <c>https://events.pagerduty.com/</c>; accounts in the EU use <c>https://events.eu.pagerduty.com/</c>.</summary>
    public Uri Endpoint { get; set; } = new("https://events.pagerduty.com/");

    /// <summary>What is named as the source of an incident that has neither repository, environment nor source. The default is <c>closedloop</c>.</summary>
    public string Source { get; set; } = "closedloop";

    /// <summary>What the incident is shown to come from. The default is <c>ClosedLoop</c>.</summary>
    public string Client { get; set; } = "ClosedLoop";

    /// <summary>Where the board is, for a link; http or https. The default is null.</summary>
    public Uri? ClientUrl { get; set; }
}
