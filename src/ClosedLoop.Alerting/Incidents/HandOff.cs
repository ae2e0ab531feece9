namespace ClosedLoop.Alerting.Incidents;

/// <summary>An incident that an agent was asked to deal with before people are told.</summary>
/// <param name="Agent">The hand-off's name.</param>
/// <param name="At">When it was handed over.</param>
/// <param name="Until">When people are told all the same.</param>
public sealed record HandOff(string Agent, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>What the agent answered; null when it has not.</summary>
    public HandOffAnswer? Answer { get; init; }

    /// <summary>What it said.</summary>
    public string? Note { get; init; }
}
