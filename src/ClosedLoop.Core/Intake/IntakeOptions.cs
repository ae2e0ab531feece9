namespace ClosedLoop.Intake;

/// <summary>Limits of the intake.</summary>
public sealed class IntakeOptions
{
    /// <summary>The most submissions that may wait; more are answered with <see cref="SubmissionOutcome.Busy"/>. The default is 10,000.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>
    /// The most bytes of raw bodies that may wait; what does not fit is answered with <see cref="SubmissionOutcome.Busy"/>, unless nothing
    /// else waits. The default is 256 MB.
    /// </summary>
    public long QueueBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>The most submissions in one commit. The default is 256.</summary>
    public int BatchCount { get; set; } = 256;

    /// <summary>The most bytes of raw bodies in one commit. The default is 8 MB.</summary>
    public int BatchBytes { get; set; } = 8 * 1024 * 1024;
}
