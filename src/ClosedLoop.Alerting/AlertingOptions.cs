using ClosedLoop.Alerting.Delivery;

namespace ClosedLoop.Alerting;

/// <summary>When incidents are told, repeated and resolved. Checked at start; every message names the option and the fix.</summary>
public sealed class AlertingOptions
{
    /// <summary>How often open incidents are looked at, and whether new ones are due that no limit announces. The default is 30 s; 1 s to 10 min.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many looks in a row must find the cause gone before an incident is resolved. The default is 2; 1 to 100. Each time it comes back soon after, twice as many.</summary>
    public int HealthyLooks { get; set; } = 2;

    /// <summary>A cause that comes back this soon after it was resolved opens the same incident again. The default is 1 h.</summary>
    public TimeSpan FlapWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a warning is told again while it lasts. The default is 4 h; at least <see cref="LookInterval"/>.</summary>
    public TimeSpan RepeatWarningEvery { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How often an error is told again while it lasts. The default is 1 h; at least <see cref="LookInterval"/>.</summary>
    public TimeSpan RepeatErrorEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a critical incident is told again while it lasts. The default is 30 min; at least <see cref="LookInterval"/>.</summary>
    public TimeSpan RepeatCriticalEvery { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>An incident of this age is an error. The default is 1 h.</summary>
    public TimeSpan ErrorAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An incident of this age is critical. The default is 4 h; at least <see cref="ErrorAfter"/>.</summary>
    public TimeSpan CriticalAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>An incident that holds up this many items is an error. The default is 20.</summary>
    public int ErrorItems { get; set; } = 20;

    /// <summary>An incident that holds up this many items is critical. The default is 200; at least <see cref="ErrorItems"/>.</summary>
    public int CriticalItems { get; set; } = 200;

    /// <summary>Priorities, in the team's own words, whose items make an incident an error at once. The default is P0 and P1.</summary>
    public IList<string> UrgentPriorities { get; } = ["P0", "P1"];

    /// <summary>Alerts when a line is red for this long (mission/002: main red for 15 minutes). The default is 15 min; null: only through its items' limits.</summary>
    public TimeSpan? RedLineAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Alerts when a source cannot be reached for this long. The default is 5 min; null: never.</summary>
    public TimeSpan? BlindAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Alerts, through the other sinks, when a sink takes nothing for this long. The default is 15 min; null: never.</summary>
    public TimeSpan? SinkStuckAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Alerts when for this many hours in a row more items came in than left. The default is 6; null: never.</summary>
    public int? RisingWipHours { get; set; } = 6;

    /// <summary>Fewer open items than this are never rising work in progress. The default is 20.</summary>
    public int RisingWipItems { get; set; } = 20;

    /// <summary>Who is to act, by gate, repository and priority: the first rule that matches. Without one an incident has no owner.</summary>
    public IList<OwnerRule> Owners { get; } = [];

    /// <summary>Which sinks are told of which incidents. Every route that matches counts; without any route, every sink is told of everything.</summary>
    public IList<IncidentRoute> Routes { get; } = [];
}
