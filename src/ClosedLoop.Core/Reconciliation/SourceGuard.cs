using ClosedLoop.Adapters;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace ClosedLoop.Reconciliation;

/// <summary>
/// The circuit breaker around one source's probe. While it is open nothing is asked, whatever is due; then one probe tries, and the pauses
/// double up to five minutes. A probe that throws is asked once more at once: a pooled connection that the other side closed is no outage.
/// </summary>
internal sealed class SourceGuard
{
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<ProbeResult> _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly TimeProvider _time;

    public SourceGuard(AdapterRegistration adapter, TimeProvider time)
    {
        _time = time;
        var first = adapter.PollInterval < FirstBreak ? adapter.PollInterval : FirstBreak;
        var sampling = adapter.PollInterval * 2;
        _pipeline = new ResiliencePipelineBuilder<ProbeResult> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProbeResult>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = Clamp(sampling, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
                StateProvider = _state,
                // Not in OnOpened and OnClosed: with those the breaker runs its changes on the thread pool, and nothing that is driven by a clock may.
                BreakDurationGenerator = arguments =>
                {
                    var pause = Pause(first, arguments.HalfOpenAttempts);
                    OpenUntil = _time.GetUtcNow() + pause;
                    return ValueTask.FromResult(pause);
                },
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is not null || (arguments.Outcome.Result is { } result && IsOutage(result))),
            })
            .AddRetry(new RetryStrategyOptions<ProbeResult>
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is not null and not OperationCanceledException),
            })
            .Build();
    }

    /// <summary>Until when nothing may be asked; null when the breaker is closed.</summary>
    public DateTimeOffset? OpenUntil { get; private set; }

    /// <summary>Whether the next probe is the one that finds out if the source is back.</summary>
    public bool IsTrial => OpenUntil is not null;

    /// <exception cref="BrokenCircuitException">The breaker is open.</exception>
    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, IProbe probe, CancellationToken cancellationToken)
    {
        var result = await _pipeline.ExecuteAsync(static (state, token) => state.Probe.ProbeAsync(state.Batch, token), (Probe: probe, Batch: batch), cancellationToken).ConfigureAwait(false);
        if (_state.CircuitState == CircuitState.Closed) OpenUntil = null;
        return result;
    }

    /// <summary>The pause before a trial, doubling with each that failed. Pure.</summary>
    public static TimeSpan Pause(TimeSpan first, int failedTrials) => Clamp(first * Math.Pow(2, Math.Clamp(failedTrials, 0, 20)), TimeSpan.FromMilliseconds(500), LongestBreak);

    // A source that gave part of an answer is there; and one that says when to come again is kept to that.
    private static bool IsOutage(ProbeResult result) =>
        result is { Outcome: ProbeOutcome.Unreachable, RetryAt: null } && result.Facts.IsDefaultOrEmpty && result.History.IsDefaultOrEmpty;

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
