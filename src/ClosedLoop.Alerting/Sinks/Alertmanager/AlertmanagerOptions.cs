using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Which Alertmanagers are told of incidents, and how.</summary>
public sealed class AlertmanagerOptions : TextSinkOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public AlertmanagerOptions()
        : base("alertmanager")
    {
    }

    /// <summary>
    /// The replicas, each by its own address, such as <c>http://alertmanager-0:9093/</c>, with a path when it is served below one. Required; 1 to 10. Alertmanagers
    /// of a cluster do not hand alerts on to each other, so all are told: never name a load balancer.
    /// </summary>
    public IList<Uri> Addresses { get; } = [];

    /// <summary>How often all that fires is told again. The default is 1 min; 10 s to 10 min. Alertmanager calls an alert resolved when it hears nothing for four times as long.</summary>
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether the severity is a label, for routes that choose by it. The default is false: it is an annotation. As a label it is part of the alert's
    /// identity: when an incident escalates, the alert of the former severity is resolved and one of the new severity fires.
    /// </summary>
    public bool SeverityAsLabel { get; set; }

    /// <summary>Labels that every alert gets, such as <c>cluster</c>. They never replace the sink's own.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names the page that says what to do; an http or https address, or null for none. Called from several threads.</summary>
    public Func<IncidentNotice, Uri?>? Runbook { get; set; }

    /// <summary>A bearer token, when a proxy in front of Alertmanager asks for one. The default is null.</summary>
    public string? Token { get; set; }

    /// <summary>How many alerts one request holds. The default is 500; 1 to 5,000.</summary>
    public int BatchSize { get; set; } = 500;
}
