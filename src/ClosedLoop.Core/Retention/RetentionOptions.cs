namespace ClosedLoop.Retention;

/// <summary>How long the record keeps what it does not need to say what is true now. Null keeps it for ever.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// Ids of deliveries, by which a repeated webhook is known without looking at it. The default is 30 days: longer than any source
    /// repeats by itself. At least one day.
    /// </summary>
    public TimeSpan? Deliveries { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Every observation as it came in. It is the audit trail, so the default is null. At least one day.</summary>
    public TimeSpan? FactLog { get; set; }

    /// <summary>What was refused or could not be applied. The default is null. At least one day.</summary>
    public TimeSpan? Quarantine { get; set; }

    internal static bool IsEnough(TimeSpan? age) => age is null || age >= TimeSpan.FromDays(1);
}
