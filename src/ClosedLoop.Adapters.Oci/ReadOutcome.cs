namespace ClosedLoop.Adapters.Oci;

/// <summary>How reading one piece of content or one image went: exactly one of these is set.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Problem">Why this one thing cannot be read, however often it is asked for.</param>
/// <param name="Failure">Why the registry cannot be read now.</param>
internal readonly record struct ReadOutcome<T>(T? Value, string? Problem, SourceAnswer? Failure)
    where T : class
{
    public static ReadOutcome<T> Of(T value) => new(value, null, null);

    public static ReadOutcome<T> Bad(string problem) => new(null, problem, null);

    public static ReadOutcome<T> Failed(SourceAnswer failure) => new(null, null, failure);

    /// <summary>There is no such thing.</summary>
    public bool IsMissing => Value is null && Problem is null && Failure is null;
}
