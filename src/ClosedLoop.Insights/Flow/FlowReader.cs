namespace ClosedLoop.Insights.Flow;

internal sealed class FlowReader(TimeProvider time) : IFlow
{
    // Until the roll-up exists: nothing was taken in, and the report says so.
    public ValueTask<FlowReport> ReportAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(new FlowReport { At = time.GetUtcNow(), IsCatchingUp = true });
}
