using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>One probe under way.</summary>
internal sealed class JenkinsLook(JenkinsSettings settings, JenkinsClient client, ProbeBatch batch)
{
    /// <summary>Jenkins lists the newest 100 builds as <c>builds</c>; older ones only as <c>allBuilds</c>, which is slow.</summary>
    private const int PageSize = 100;

    // From this many builds of one job on, its list is cheaper than the builds one by one.
    private const int BuildsWorthAList = 3;

    private const int MaxDiagnostics = 50;

    // Jenkins' clock is not ours.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);

    private readonly BuildFacts _facts = new(settings);
    private readonly Dictionary<RegisterId, Fact> _found = [];
    private readonly List<string> _diagnostics = [];
    private readonly Dictionary<(JobRule Job, long Number), bool> _builds = [];
    private readonly HashSet<Key> _commits = [];
    private JenkinsAnswer? _failure;
    private int _calls;

    public async Task<ProbeResult> RunAsync(CancellationToken cancellationToken)
    {
        ReadKeys();
        foreach (var job in JobsToList())
        {
            if (await ListAsync(job, cancellationToken).ConfigureAwait(false)) continue;
            if (IsDown) return Result();
            // Its builds would not be found either, which must not look like builds that were deleted.
            foreach (var build in _builds.Keys.Where(b => b.Job == job).ToList()) _builds.Remove(build);
        }
        foreach (var (job, number) in _builds.Where(static b => !b.Value).Select(static b => b.Key).OrderBy(static b => b.Job.Index).ThenBy(static b => b.Number).ToList())
        {
            await ReadAsync(job, number, cancellationToken).ConfigureAwait(false);
            if (IsDown) break;
        }
        return Result();
    }

    private bool IsDown => _failure?.Kind is AnswerKind.Unreachable or AnswerKind.RateLimited;

    private void ReadKeys()
    {
        foreach (var key in batch.Keys)
        {
            if (key.Is(KeySchemes.Commit)) _commits.Add(key);
            // Builds of other systems have keys of this scheme too: those are left to their own probes.
            else if (key.Is(KeySchemes.Build) && BuildAddress.Read(key.Value, settings, out _) is var (job, number)) _builds.TryAdd((job, number), false);
        }
    }

    private IEnumerable<JobRule> JobsToList()
    {
        if (batch.SweepSince is not null) return settings.Jobs;
        return settings.Jobs.Where(job =>
            _commits.Any(c => c.Value.StartsWith(job.Repository + "@", StringComparison.Ordinal)) ||
            _builds.Keys.Count(b => b.Job == job) >= BuildsWorthAList);
    }

    private async Task<bool> ListAsync(JobRule job, CancellationToken cancellationToken)
    {
        var oldest = batch.SweepSince - Overlap;
        for (int from = 0; from < settings.MaxBuildsPerSweep; from += PageSize)
        {
            int to = Math.Min(from + PageSize, settings.MaxBuildsPerSweep);
            string list = from == 0 ? "builds" : "allBuilds";
            using var answer = await GetAsync(job.Address, $"{list}[{BuildReader.Tree}]{{{from},{to}}}", cancellationToken).ConfigureAwait(false);
            if (answer.Document is null)
            {
                Fail(answer.Detail is not null ? answer : answer with { Detail = Explain(answer.Kind, job) });
                return false;
            }
            if (answer.Document.RootElement.Member(list) is null)
            {
                Fail(new JenkinsAnswer(AnswerKind.Missing, $"'{job.Name}' in Jenkins is a folder or multibranch project and has no builds; set Jenkins:Jobs:{job.Index}:Path to the job of a branch, such as {job.Name}/main"));
                return false;
            }
            int count = 0;
            long start = long.MaxValue;
            foreach (var build in answer.Document.RootElement.Elements(list))
            {
                count++;
                start = Math.Min(start, build.Integer("timestamp") ?? long.MaxValue);
                if (BuildReader.Read(build, job, _diagnostics) is { } reading && IsWanted(reading, oldest)) Keep(reading);
            }
            // A page only ever goes further back for a sweep: what was known before is asked for by its own key.
            if (count < to - from || oldest is null || start < oldest.Value.ToUnixTimeMilliseconds()) return true;
        }
        _diagnostics.Add($"{job.Name} has more than {settings.MaxBuildsPerSweep} builds since {batch.SweepSince:u}; the older ones were not read: raise Jenkins:MaxBuildsPerSweep");
        return true;
    }

    private async Task ReadAsync(JobRule job, long number, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"{job.Address}/{number}", BuildReader.Tree, cancellationToken).ConfigureAwait(false);
        if (answer.Document is not null)
        {
            if (BuildReader.Read(answer.Document.RootElement, job, _diagnostics) is { } reading && reading.Number == number) Keep(reading);
        }
        else if (answer.Kind != AnswerKind.Missing)
        {
            // Deleted builds are common and say nothing; everything else keeps us from knowing.
            Fail(answer.Detail is not null ? answer : answer with { Detail = Explain(answer.Kind, job) });
        }
    }

    private async Task<JenkinsAnswer> GetAsync(string path, string tree, CancellationToken cancellationToken)
    {
        if (_calls >= batch.Allowance) return new JenkinsAnswer(AnswerKind.RateLimited, "Jenkins:CallsPerHour leaves no more calls now");
        _calls++;
        return await client.GetAsync(path, tree, cancellationToken).ConfigureAwait(false);
    }

    private bool IsWanted(BuildReading reading, DateTimeOffset? oldest) =>
        _builds.ContainsKey((reading.Job, reading.Number)) ||
        (oldest is not null && (reading.Stage == BuildStage.Running || reading.Timestamp is null || reading.Timestamp >= oldest.Value.ToUnixTimeMilliseconds())) ||
        (_commits.Count > 0 && reading.Commits.Any(sha => _commits.Contains(Key.Commit(reading.Job.Repository, sha))));

    private void Keep(BuildReading reading)
    {
        if (_builds.ContainsKey((reading.Job, reading.Number))) _builds[(reading.Job, reading.Number)] = true;
        Add(_facts.State(reading, batch.At, _diagnostics));
        if (_facts.Built(reading, batch.At) is { } built) Add(built);
    }

    // Two pages overlap when a build starts between them.
    private void Add(Fact fact) => _found[fact.Register] = _found.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;

    private void Fail(JenkinsAnswer answer)
    {
        if (_failure is null || answer.Kind is AnswerKind.Unreachable or AnswerKind.RateLimited) _failure = answer;
    }

    private static string Explain(AnswerKind kind, JobRule job) => kind == AnswerKind.Forbidden
        ? $"Jenkins does not let this user read the job '{job.Name}' (HTTP 403); give it Overall/Read and Job/Read, or check Jenkins:UserName and Jenkins:ApiToken"
        : $"Jenkins has no job '{job.Name}', or this user may not know of it (HTTP 404); check Jenkins:Jobs:{job.Index}:Path (a slash in a branch's name is %2F), Jenkins:BaseAddress and the user's Job/Read permission";

    private ProbeResult Result() => new()
    {
        Outcome = _failure is null ? ProbeOutcome.Reached : _failure.Kind == AnswerKind.RateLimited ? ProbeOutcome.RateLimited : ProbeOutcome.Unreachable,
        Facts = [.. _found.Values.OrderBy(static f => f.Register)],
        Calls = _calls,
        Detail = _failure?.Detail,
        RetryAt = _failure?.RetryAt,
        Diagnostics = [.. _diagnostics.Distinct(StringComparer.Ordinal).Take(MaxDiagnostics)],
    };
}
