using System.Collections.Immutable;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// Reads a clone: where its lines stand and how they came there, and what their newest commits did. Looks are taken one at a time; what is
/// remembered between them saves work and decides nothing.
/// </summary>
internal sealed class GitCloneProbe(GitCloneSettings settings, TimeProvider time) : IProbe, IDisposable
{
    /// <summary>Of more lines than this only the first are read.</summary>
    private const int MaxLines = 100;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly LineTracker _lines = new(settings);
    private readonly CandidateReader _candidates = new(settings);
    private readonly CloneAnalysis _analysis = new(settings);
    private readonly LineFacts _facts = new(settings);
    private readonly SentMemory _sent = new();
    private ImmutableArray<LineView> _analysed = [];
    private ImmutableArray<Fact> _found = [];
    private bool _isBehind;

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.SweepSince is null && batch.Lines.IsDefaultOrEmpty) return ProbeResult.Reached([]);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(settings.Timeout, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return await LookAsync(batch, stop.Token, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return ProbeResult.Unreachable($"reading the clone took longer than {settings.Timeout}; raise GitClone:{settings.Name}:Timeout");
            }
        }
        catch (GitHistoryException e)
        {
            return ProbeResult.Unreachable(e.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ProbeResult> LookAsync(ProbeBatch batch, CancellationToken limited, CancellationToken cancellationToken)
    {
        var repository = await GitRepository.OpenAsync(settings.Program, settings.Path, limited).ConfigureAwait(false);
        if (settings.Fetch && batch.SweepSince is not null) await GitFetch.RunAsync(repository, settings.Remote, limited).ConfigureAwait(false);
        var refs = new RefReader(settings, repository);
        var answer = new CloneAnswer(settings.Repository, repository.Cut);
        var heads = await refs.LinesAsync(limited).ConfigureAwait(false);
        if (heads.Length > MaxLines)
        {
            answer.Diagnostics.Add($"{heads.Length} branches match GitClone:{settings.Name}:Branches; only the first {MaxLines} are read");
            heads = heads[..MaxLines];
        }
        var gaps = new GapReader(settings, repository);
        foreach (var gap in batch.Lines.IsDefault ? [] : batch.Lines)
        {
            answer.Add(await gaps.ReadAsync(gap, heads, limited).ConfigureAwait(false));
            if (batch.SweepSince is null && gaps.Line(gap, heads) is { } line) answer.Add(HeadOf(repository, line, batch.At));
        }
        if (batch.SweepSince is { } since) await SweepAsync(repository, refs, heads, since, batch.At, answer, limited, cancellationToken).ConfigureAwait(false);
        return answer.ToResult();
    }

    private async Task SweepAsync(
        GitRepository repository, RefReader refs, ImmutableArray<BranchHead> heads, DateTimeOffset since, DateTimeOffset now, CloneAnswer answer, CancellationToken limited, CancellationToken cancellationToken)
    {
        foreach (var head in heads) answer.Add(HeadOf(repository, head, now));
        var lines = await _lines.UpdateAsync(repository, heads, limited).ConfigureAwait(false);
        answer.Add(_sent.DueNodes([.. lines.SelectMany(static l => l.Window)], since, now));
        try
        {
            _isBehind |= lines != _analysed;
            _isBehind |= await _candidates.UpdateAsync(repository, await refs.CandidatesAsync(limited).ConfigureAwait(false), heads, limited).ConfigureAwait(false);
            if (_isBehind)
            {
                _found = await _analysis.RunAsync(repository, lines, [.. _candidates.Known], limited).ConfigureAwait(false);
                _analysed = lines;
                _isBehind = false;
            }
            foreach (var fact in _sent.Due(_found, since, now)) answer.Add(fact);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The lines themselves are known; nothing that was worked out so far is lost.
            answer.Diagnostics.Add($"comparing the commits of {settings.Repository} took longer than GitClone:{settings.Name}:Timeout ({settings.Timeout}); it goes on at the next look");
        }
        catch (GitHistoryException e)
        {
            answer.Diagnostics.Add($"the commits of {settings.Repository} could not be compared: {e.Message}");
        }
    }

    private Fact? HeadOf(GitRepository repository, BranchHead line, DateTimeOffset now) => _facts.Head(line, repository.Refs.MovedAt(line.RefName, now));
}
