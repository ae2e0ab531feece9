using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>One probe under way: the images that were asked for, and for a sweep what was announced and what the tags show.</summary>
internal sealed class RegistryLook
{
    private const int MaxDiagnostics = 50, ShortSha = 7;

    // What was read while the last sweep ran.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private readonly OciSettings _settings;
    private readonly RegistryClient _client;
    private readonly AnnouncedImages _announced;
    private readonly RegistryMemory _memory;
    private readonly ProbeBatch _batch;
    private readonly CallBudget _budget;
    private readonly ImageReader _reader;
    private readonly Dictionary<RegisterId, Fact> _found = [];
    private readonly List<string> _diagnostics = [];
    private readonly Dictionary<RepositoryRule, List<string>?> _tags = [];
    private SourceAnswer? _failure;

    public RegistryLook(OciSettings settings, RegistryClient client, AnnouncedImages announced, RegistryMemory memory, ProbeBatch batch)
    {
        (_settings, _client, _announced, _memory, _batch) = (settings, client, announced, memory, batch);
        _budget = new CallBudget(batch.Allowance);
        _reader = new ImageReader(settings, client, new ImageFacts(settings.Writer, settings.Address), memory, _budget, _diagnostics);
    }

    private int QuietTags => Math.Max(1, _settings.MaxTagsPerSweep / 10);

    // A repository that may not be read leaves the others; a registry that is down, or that asks for patience, does not.
    private bool IsDown => _failure is { Kind: SourceAnswerKind.RateLimited } or { Kind: SourceAnswerKind.Unreachable, StatusCode: 0 or 401 or >= 500, IsTooLarge: false };

    public async Task<ProbeResult> RunAsync(CancellationToken cancellationToken)
    {
        if (_batch.SweepSince is not null) await ReadAnnouncedAsync(cancellationToken).ConfigureAwait(false);
        foreach (var key in _batch.Keys)
        {
            if (key.Is(KeySchemes.Commit)) await ReadCommitAsync(key, cancellationToken).ConfigureAwait(false);
            else if (key.Is(KeySchemes.Image) && Digest.Read(key.Value) is { } digest) await ReadDigestAsync(key, digest, cancellationToken).ConfigureAwait(false);
        }
        if (_batch.SweepSince is { } since)
        {
            foreach (var rule in _settings.Repositories)
                if (!IsDown) await SweepAsync(rule, cancellationToken).ConfigureAwait(false);
            Keep(_memory.Since(since - Overlap));
        }
        return Result();
    }

    private async Task ReadAnnouncedAsync(CancellationToken cancellationToken)
    {
        foreach (var image in _announced.Take())
        {
            if (_settings.Find(image.Repository) is not { } rule || (image.Tag is null && !_settings.CountsUntagged)) continue;
            if (IsDown)
            {
                _announced.Add(image);
                continue;
            }
            if (!_memory.Knows(rule, image.Digest) && !await ReadAsync(rule, image.Digest, null, cancellationToken).ConfigureAwait(false) && IsDown) _announced.Add(image);
            else if (image.Tag is not null && _memory.Knows(rule, image.Digest)) _memory.Looked(rule, image.Tag, image.Digest);
        }
    }

    // A digest does not say which repository it is in, and what it names never changes.
    private async Task ReadDigestAsync(Key key, string digest, CancellationToken cancellationToken)
    {
        var known = _memory.Of(key);
        Keep(known);
        if (known.Count > 0) return;
        foreach (var rule in _settings.Repositories)
        {
            if (IsDown) return;
            if (!_memory.IsAbsent(rule, digest, _batch.At) && await ReadAsync(rule, digest, null, cancellationToken).ConfigureAwait(false)) return;
        }
    }

    // The tag only tells what is worth reading first: of which commit an image is, the image itself says.
    private async Task ReadCommitAsync(Key key, CancellationToken cancellationToken)
    {
        var known = _memory.Of(key);
        Keep(known);
        int at = key.Value.LastIndexOf('@');
        if (known.Count > 0 || at <= 0 || key.Value.Length - at - 1 < ShortSha) return;
        string repository = key.Value[..at], sha = key.Value.Substring(at + 1, ShortSha);
        foreach (var rule in _settings.Repositories)
        {
            if (rule.GitRepository is not null && rule.GitRepository != repository) continue;
            if (IsDown || await TagsAsync(rule, cancellationToken).ConfigureAwait(false) is not { } tags) continue;
            foreach (string tag in tags.Where(t => t.Contains(sha, StringComparison.OrdinalIgnoreCase) && !_memory.HasSeen(rule, t)))
                if (!IsDown) await ReadAsync(rule, tag, tag, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SweepAsync(RepositoryRule rule, CancellationToken cancellationToken)
    {
        if (await TagsAsync(rule, cancellationToken).ConfigureAwait(false) is not { } tags) return;
        int looked = 0, quiet = 0, fresh = 0;
        foreach (var (tag, known, isQuiet) in _memory.Order(rule, tags))
        {
            if (IsDown) return;
            // Most tags never move, and asking for each of them each minute is what rate limits are made for.
            if (isQuiet && quiet++ >= QuietTags) break;
            if (!isQuiet && looked++ >= _settings.MaxTagsPerSweep)
            {
                if (!_memory.HasSeen(rule, tag)) fresh++;
                continue;
            }
            if (known is null || !_memory.Knows(rule, known) || await HasMovedAsync(rule, tag, known, cancellationToken).ConfigureAwait(false)) await ReadAsync(rule, tag, tag, cancellationToken).ConfigureAwait(false);
        }
        if (fresh > 0) _diagnostics.Add($"{fresh} new tags of {rule.Name} are left to the next sweeps, {_settings.MaxTagsPerSweep} each; raise Oci:MaxTagsPerSweep to read them sooner");
    }

    private async Task<bool> HasMovedAsync(RepositoryRule rule, string tag, string known, CancellationToken cancellationToken)
    {
        var answer = await _client.HeadAsync(rule, tag, known, _budget, cancellationToken).ConfigureAwait(false);
        bool isThere = answer.Kind == SourceAnswerKind.Unchanged || (answer.Kind == SourceAnswerKind.Found && RegistryClient.DigestOf(answer) == known);
        if (isThere || answer.Kind == SourceAnswerKind.Missing)
        {
            _memory.Looked(rule, tag, known);
            return false;
        }
        // Without the header, or without HEAD at all, the content tells.
        if (answer.Kind == SourceAnswerKind.Found || answer.StatusCode is >= 400 and < 500 and not (401 or 403 or 429)) return true;
        Fail(answer);
        return false;
    }

    // Whether the image was found there.
    private async Task<bool> ReadAsync(RepositoryRule rule, string reference, string? tag, CancellationToken cancellationToken)
    {
        var outcome = await _reader.ReadAsync(rule, reference, cancellationToken).ConfigureAwait(false);
        // Also what cannot be read: it waits its turn, and the tags after it have theirs.
        if (tag is not null && outcome.Failure?.Kind != SourceAnswerKind.RateLimited) _memory.Looked(rule, tag, outcome.Value?.Digest);
        if (outcome.Problem is { } problem) _diagnostics.Add(problem);
        if (outcome.Failure is { } failure) Fail(failure);
        if (outcome.Value is not { } set)
        {
            if (tag is null && outcome.Failure is null) _memory.Absent(rule, reference, _batch.At);
            return false;
        }
        _memory.Add(set, _batch.At);
        Keep([set]);
        return true;
    }

    private async Task<List<string>?> TagsAsync(RepositoryRule rule, CancellationToken cancellationToken)
    {
        if (_tags.TryGetValue(rule, out var known)) return known;
        var outcome = await TagList.ReadAsync(_client, rule, _budget, _diagnostics, cancellationToken).ConfigureAwait(false);
        if (outcome.Failure is { } failure) Fail(failure);
        return _tags[rule] = outcome.Value;
    }

    private void Keep(IEnumerable<ImageSet> sets)
    {
        foreach (var fact in sets.SelectMany(static s => s.Facts)) _found[fact.Register] = _found.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;
    }

    private void Fail(SourceAnswer answer)
    {
        if (_failure is null || !IsDown) _failure = answer;
    }

    private ProbeResult Result() => new()
    {
        Outcome = _failure is null ? ProbeOutcome.Reached : _failure.Kind == SourceAnswerKind.RateLimited ? ProbeOutcome.RateLimited : ProbeOutcome.Unreachable,
        Facts = [.. _found.Values.OrderBy(static f => f.Register)],
        Calls = _budget.Calls,
        Detail = _failure?.Detail,
        RetryAt = _failure?.RetryAt,
        Diagnostics = [.. _diagnostics.Distinct(StringComparer.Ordinal).Take(MaxDiagnostics)],
    };
}
