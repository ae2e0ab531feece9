namespace ClosedLoop.Adapters.Jenkins;

/// <summary>What the stages of a running pipeline show.</summary>
/// <param name="IsPaused">Whether it waits for a person's input.</param>
/// <param name="Stage">The stage that waits, or null.</param>
/// <param name="ActiveSeconds">How long it has been running without its pauses: it stands still while the pipeline waits, and grows afterwards.</param>
internal sealed record StageReading(bool IsPaused, string? Stage, long ActiveSeconds)
{
    private const int MaxStageLength = 100;

    // Above what a notification says of a running build, and later states above earlier ones; a finished build's ordinal is another one.
    public int Rank => (int)Math.Min(2 + (2 * ActiveSeconds) + (IsPaused ? 1 : 0), int.MaxValue);

    /// <summary>
    /// Reads an answer of <c>wfapi/describe</c>, or null when it says nothing that the build does not say: it has never waited, or does not run.
    /// </summary>
    public static StageReading? Read(System.Text.Json.JsonElement run)
    {
        bool paused = run.Text("status") == "PAUSED_PENDING_INPUT";
        if (!paused && run.Text("status") != "IN_PROGRESS") return null;
        long? pause = run.Number("pauseDurationMillis");
        if (!paused && pause is null or 0) return null;
        long active = Math.Clamp((run.Number("durationMillis") ?? 0) - (pause ?? 0), 0, 1_000_000_000_000) / 1000;
        string? stage = run.Elements("stages").Where(static s => s.Text("status") == "PAUSED_PENDING_INPUT").Select(static s => s.Text("name")).FirstOrDefault();
        return new StageReading(paused, stage is { Length: > 0 and <= MaxStageLength } ? stage : null, active);
    }
}
