namespace ClosedLoop.Alerting.HandOffs;

/// <summary>Which incidents an agent is offered, and how long it has.</summary>
public sealed class HandOffOptions
{
    /// <summary>The hand-off's name, shown with the incident; lower-case letters, digits and '-'. Required.</summary>
    public string? Name { get; set; }

    /// <summary>How long the agent has before people are told. The default is 15 min; 1 min to 24 h. A critical incident is told at once.</summary>
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Only incidents at these gates; empty: any.</summary>
    public IList<string> Gates { get; } = [];

    /// <summary>Only these kinds of cause; empty: any. See <see cref="Incidents.CauseKinds"/>.</summary>
    public IList<string> CauseKinds { get; } = [];

    internal HandOffRule Validate()
    {
        if (string.IsNullOrEmpty(Name) || !Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new InvalidOperationException($"Alerting:HandOffs:Name is '{Name}'; use lower-case letters, digits and '-', such as agents.");
        if (Within < TimeSpan.FromMinutes(1) || Within > TimeSpan.FromDays(1))
            throw new InvalidOperationException($"Alerting:HandOffs:{Name}:Within is {Within}; use 1 minute to 24 hours.");
        return new HandOffRule(Name, Within) { Gates = Gates.Count == 0 ? null : [.. Gates], CauseKinds = CauseKinds.Count == 0 ? null : [.. CauseKinds] };
    }
}
