using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>
/// Follows the transition log and sends each as an event, in order, at least once. The log's order is that of the commits, so that a place in it
/// is a cursor. What fails is tried again, and what comes after it waits; what the receiver rejects is logged and passed over.
/// </summary>
internal sealed partial class TransitionFollower(CDEventsSinkOptions options, ILoopQueries queries, ILoopStore store, EventPost post, TimeProvider time, ILogger<TransitionFollower> logger) : BackgroundService
{
    private const int PageSize = 100;

    // A subject has few registers: one for each writer and kind.
    private const int MaxRegisters = 100;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly CursorFile _cursor = new(options.CursorFile!);
    private readonly EventWriter _writer = new(options.Source, options.Version);
    private long _sent = -1;
    private int _failures;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // A file that cannot be read stops the start, with the message that says what to do.
        Load();
        return base.StartAsync(cancellationToken);
    }

    internal void Load() => _sent = _cursor.Read() ?? -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                wait = await RunOnceAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or IOException)
            {
                LogTrouble(logger, options.Name, exception.Message);
                wait = Backoff();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends what there is, up to one page.</summary>
    /// <returns>How long to wait before the next look.</returns>
    internal async ValueTask<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (_sent < 0)
        {
            _sent = options.FromStart ? 0 : await EndAsync(cancellationToken).ConfigureAwait(false);
            _cursor.Write(_sent);
        }
        var page = await queries.ReadTransitionsAsync(new TransitionQuery { After = _sent, Limit = PageSize }, cancellationToken).ConfigureAwait(false);
        if (page.Count == 0) return options.PollInterval;
        long before = _sent;
        try
        {
            foreach (var transition in page)
            {
                var sent = _writer.Write(transition, await FindAsync(transition, cancellationToken).ConfigureAwait(false));
                var (outcome, detail) = await post.SendAsync(sent, cancellationToken).ConfigureAwait(false);
                if (outcome == PostOutcome.Failed)
                {
                    LogRetry(logger, options.Name, transition.Sequence, detail);
                    return Backoff();
                }
                if (outcome == PostOutcome.Rejected) LogRejected(logger, options.Name, transition.Sequence, sent.Type, detail);
                _sent = transition.Sequence;
                _failures = 0;
            }
        }
        finally
        {
            if (_sent != before) _cursor.Write(_sent);
        }
        return page.Count < PageSize ? options.PollInterval : TimeSpan.Zero;
    }

    // The transition names the deciding evidence; environment, version and commit are in the fact itself.
    private async ValueTask<Fact?> FindAsync(Transition transition, CancellationToken cancellationToken)
    {
        if (transition.Subject is not { IsEmpty: false } subject || transition.Gate is not { } gate) return null;
        var facts = await store.ReadFactsAsync(new RegisterId(subject, "", new Writer("", "")), MaxRegisters, cancellationToken).ConfigureAwait(false);
        var own = facts.Where(f => f.Subject == subject).ToList();
        var deciding = own.Find(f => f.Kind == gate && (transition.Writer is not { } writer || f.Writer == writer));
        // What it was made from can be a fact of its own.
        return deciding is null ? null : deciding with { Links = deciding.Links.Union(own.Where(static f => f.Kind == FactKinds.Link).SelectMany(static f => f.Links)) };
    }

    private async ValueTask<long> EndAsync(CancellationToken cancellationToken) =>
        await queries.ReadTransitionsAsync(new TransitionQuery { NewestFirst = true, Limit = 1 }, cancellationToken).ConfigureAwait(false) is [var last] ? last.Sequence : 0;

    private TimeSpan Backoff()
    {
        var wait = FirstRetry * Math.Pow(2, Math.Min(_failures++, 20));
        return wait < LongestRetry ? wait : LongestRetry;
    }

    [LoggerMessage(50, LogLevel.Warning, "Sinks:{Sink}: transition {Sequence} was not sent and is tried again: {Detail}")]
    private static partial void LogRetry(ILogger logger, string sink, long sequence, string detail);

    [LoggerMessage(51, LogLevel.Error, "Sinks:{Sink}: transition {Sequence} ({Type}) was rejected and is left out: {Detail}")]
    private static partial void LogRejected(ILogger logger, string sink, long sequence, string type, string detail);

    [LoggerMessage(52, LogLevel.Warning, "Sinks:{Sink}: the log cannot be followed now and is tried again: {Problem}")]
    private static partial void LogTrouble(ILogger logger, string sink, string problem);
}
