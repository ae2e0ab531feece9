namespace ClosedLoop.Reconciliation;

/// <summary>How a source is read by this process, as of its prober's last round.</summary>
/// <param name="CallsLeft">How many calls the budget pays for; null when there is none.</param>
/// <param name="PausedUntil">Nothing is asked before; may be past.</param>
/// <param name="Lag">How late the last look began; null when there was none.</param>
/// <param name="Stretch">How many times more rarely quiet items are looked at.</param>
internal sealed record SourceReading(int? CallsLeft, DateTimeOffset PausedUntil, TimeSpan? Lag, double Stretch);
