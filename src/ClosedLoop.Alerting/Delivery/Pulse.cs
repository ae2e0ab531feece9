namespace ClosedLoop.Alerting.Delivery;

/// <summary>A sign of life of the engine (<c>engine</c>) or of one source. Whoever watches it is to worry when it stops, not when it comes.</summary>
public sealed record Pulse
{
    /// <summary>The adapter's name, or <c>engine</c>.</summary>
    public required string Source { get; init; }

    /// <summary>When it was felt.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the source last answered a poll, or the engine last finished a round; null when not since the start.</summary>
    public DateTimeOffset? LastGoodPollAt { get; init; }

    /// <summary>Since when the source does not answer; null when it does.</summary>
    public DateTimeOffset? BlindSince { get; init; }

    /// <summary>How late the oldest planned look at the source is; zero when none is late. Null when it is not known.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>How far it was read: of a source the instant up to which every change of it was read (ISO 8601), of the engine the place in the transition log that was
    /// evaluated. Null when nothing was read since the start.</summary>
    public string? Cursor { get; init; }
}
