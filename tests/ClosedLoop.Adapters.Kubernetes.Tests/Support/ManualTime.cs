namespace ClosedLoop.Adapters.Kubernetes.Tests.Support;

/// <summary>A clock that is moved by hand; timers are the system's, for time limits that do not run out.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Given.Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
