namespace ClosedLoop.Alerting.Sinks;

/// <summary>A change that responders are to see beside an incident: something was merged or deployed.</summary>
public sealed record PagerDutyChange
{
    /// <summary>What changed, such as <c>BL-42 deployed to production: Fix login</c>; cut at 1,024 characters.</summary>
    public required string Summary { get; init; }

    /// <summary>Where, such as <c>acme/web</c> or <c>production</c>.</summary>
    public required string Source { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The item; null when it is of none.</summary>
    public string? ItemId { get; init; }

    /// <summary>The gate that was passed, such as <c>rolled-out</c>; null when it is of none.</summary>
    public string? Gate { get; init; }

    /// <summary>The commit or digest; null when not known.</summary>
    public string? Revision { get; init; }

    /// <summary>Where to look; only http and https are sent.</summary>
    public Uri? Evidence { get; init; }
}
