namespace ClosedLoop.Deadlines;

/// <summary>
/// Expects of a gate what it usually takes: its limit to finish is put off to <see cref="Factor"/> times the 95th percentile of what items of the same
/// pipeline and repository took lately, between the limit that is declared and <see cref="AtMost"/>. Never brought forward.
/// </summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="AtMost">The longest limit that comes of it, from when the gate became possible; positive.</param>
public sealed record AdaptiveLimit(string Gate, TimeSpan AtMost)
{
    /// <summary>With fewer passes than this within <see cref="Window"/> the declared limit holds: a percentile of them would be their maximum.</summary>
    public const int MinSamples = 20;

    /// <summary>The most passes that count, the newest.</summary>
    public const int MaxSamples = 200;

    /// <summary>How far back passes count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>How many times as long as usual is late. The default is 1.5; 1 to 10.</summary>
    public double Factor { get; init; } = 1.5;

    internal string? Mistake() =>
        string.IsNullOrEmpty(Gate) ? "names no gate; name one, such as main-ci"
        : AtMost <= TimeSpan.Zero ? $"({Gate}) has AtMost {AtMost}; use a positive time such as 02:00:00"
        : Factor is >= 1 and <= 10 ? null : $"({Gate}) has Factor {Factor}; use 1 to 10";
}
