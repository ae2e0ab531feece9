namespace ClosedLoop.Adapters;

/// <summary>Re-reads a gate's source: the level-triggered half of an adapter.</summary>
public interface IProbe
{
    /// <summary>
    /// Reads the present state of the subjects, in as few requests as it can, and returns it as the same facts that a webhook
    /// would have brought: same subjects, same ordinals. An unreachable source is a result, not an exception; an exception is
    /// treated as unreachable.
    /// </summary>
    ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken);
}
