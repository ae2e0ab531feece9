using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>One answer of the simulated GraphQL API, and how many requests its connections stand for.</summary>
internal sealed class GraphQlWriter : IDisposable
{
    private const int Changed = 50;

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly DateTimeOffset _now;
    private readonly int _historyPage;

    public GraphQlWriter(DateTimeOffset now, int historyPage)
    {
        _now = now;
        _historyPage = historyPage;
        _json = new Utf8JsonWriter(_buffer);
        _json.WriteStartObject();
        _json.WriteStartObject("data");
    }

    /// <summary>By GitHub's rule: one for each connection, and one for each node of a connection that has one below it, as if all were full.</summary>
    public int Connections { get; private set; }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public void Dispose() => _json.Dispose();

    public void Repository(string alias) => _json.WriteStartObject(alias);

    public void Close(ref SimulatedRepository? repository)
    {
        _json.WriteEndObject();
        repository = null;
    }

    public byte[] End(int points)
    {
        _json.WriteStartObject("rateLimit");
        _json.WriteNumber("cost", points);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Pull(string alias, SimulatedPull? pull)
    {
        Connections += 2;
        if (pull is null)
        {
            _json.WriteNull(alias);
            return;
        }
        _json.WriteStartObject(alias);
        _json.WriteNumber("number", pull.Number);
        _json.WriteString("title", $"Work {pull.Number}");
        _json.WriteString("body", $"Does what it says.\n\nWork-Item: {pull.Item}");
        _json.WriteString("url", $"https://github.com/{pull.Repository.Name}/pull/{pull.Number}");
        _json.WriteString("state", pull.MergedAt is null ? "OPEN" : "MERGED");
        _json.WriteBoolean("isDraft", false);
        _json.WriteString("createdAt", Time(pull.OpenedAt));
        _json.WriteString("updatedAt", Time(pull.UpdatedAt));
        Instant("closedAt", pull.MergedAt);
        Instant("mergedAt", pull.MergedAt);
        string head = $"{pull.Repository.Index:x8}ffff{pull.Number:x28}";
        _json.WriteString("headRefOid", head);
        _json.WriteString("headRefName", $"work-{pull.Number}");
        _json.WriteString("baseRefName", "main");
        _json.WriteStartObject("commits");
        _json.WriteNumber("totalCount", 1);
        _json.WriteEndObject();
        if (pull.Landing is { } landing)
        {
            _json.WriteStartObject("mergeCommit");
            _json.WriteString("oid", landing.Sha);
            _json.WriteEndObject();
        }
        Actor("ann");
        Nodes("labels", false, static () => { });
        Nodes("latestOpinionatedReviews", false, () =>
        {
            if (pull.ReviewedAt is not { } at) return;
            _json.WriteStartObject();
            _json.WriteNumber("databaseId", (pull.Repository.Index * 1_000_000L) + pull.Number);
            _json.WriteString("state", "APPROVED");
            _json.WriteString("submittedAt", Time(at));
            Actor("bob");
            _json.WriteStartObject("commit");
            _json.WriteString("oid", head);
            _json.WriteEndObject();
            _json.WriteEndObject();
        });
        _json.WriteEndObject();
    }

    public void Head(string alias, SimulatedRepository repository, bool withHistory, bool withChecks)
    {
        if (withChecks) Connections += 2;
        if (repository.Line.Count == 0)
        {
            _json.WriteNull(alias);
            return;
        }
        _json.WriteStartObject(alias);
        _json.WriteString("name", "main");
        _json.WriteStartObject("target");
        CommitFields(repository, repository.Line.Count - 1, withHistory, withChecks);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public void Commit(string alias, SimulatedRepository repository, string sha, bool withHistory)
    {
        if (!withHistory) Connections += 2 + 1 + 10;
        if (!repository.Places.TryGetValue(sha, out int place))
        {
            _json.WriteNull(alias);
            return;
        }
        _json.WriteStartObject(alias);
        CommitFields(repository, place, withHistory, withChecks: !withHistory);
        if (!withHistory) Nodes("deployments", false, static () => { });
        _json.WriteEndObject();
    }

    public void Deployments()
    {
        Connections += 1 + 10;
        Nodes("deployments", false, static () => { });
    }

    public void Changes(SimulatedRepository repository)
    {
        Connections++;
        Nodes("pullRequests", repository.ByUpdate.Count > Changed, () =>
        {
            foreach (var pull in Enumerable.Reverse(repository.ByUpdate).Take(Changed))
            {
                _json.WriteStartObject();
                _json.WriteNumber("number", pull.Number);
                _json.WriteString("updatedAt", Time(pull.UpdatedAt));
                _json.WriteEndObject();
            }
        });
    }

    private void CommitFields(SimulatedRepository repository, int place, bool withHistory, bool withChecks)
    {
        var commit = repository.Line[place];
        _json.WriteString("oid", commit.Sha);
        if (withHistory)
        {
            Connections += 1 + _historyPage;
            _json.WriteStartObject("history");
            _json.WriteStartArray("nodes");
            for (int i = place; i >= 0 && i > place - _historyPage; i--)
            {
                var node = repository.Line[i];
                _json.WriteStartObject();
                _json.WriteString("oid", node.Sha);
                _json.WriteString("committedDate", Time(node.At));
                _json.WriteString("message", "Work");
                _json.WriteStartObject("parents");
                _json.WriteNumber("totalCount", node.Parent is null ? 0 : 1);
                _json.WriteStartArray("nodes");
                if (node.Parent is { } parent)
                {
                    _json.WriteStartObject();
                    _json.WriteString("oid", parent);
                    _json.WriteEndObject();
                }
                _json.WriteEndArray();
                _json.WriteEndObject();
                _json.WriteEndObject();
            }
            _json.WriteEndArray();
            _json.WriteEndObject();
        }
        if (!withChecks) return;
        _json.WriteStartObject("statusCheckRollup");
        _json.WriteString("state", commit.GreenAt is null ? "PENDING" : "SUCCESS");
        _json.WriteStartObject("contexts");
        _json.WriteNumber("totalCount", 1);
        _json.WriteStartObject("pageInfo");
        _json.WriteBoolean("hasNextPage", false);
        _json.WriteEndObject();
        _json.WriteStartArray("nodes");
        _json.WriteStartObject();
        _json.WriteString("__typename", "CheckRun");
        _json.WriteNumber("databaseId", commit.CheckRun);
        _json.WriteString("name", "build");
        _json.WriteString("status", commit.GreenAt is null ? "IN_PROGRESS" : "COMPLETED");
        if (commit.GreenAt is not null) _json.WriteString("conclusion", "SUCCESS");
        _json.WriteString("startedAt", Time(commit.At));
        Instant("completedAt", commit.GreenAt);
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
        Nodes("checkSuites", false, static () => { });
    }

    private void Actor(string login)
    {
        _json.WriteStartObject("author");
        _json.WriteString("__typename", "User");
        _json.WriteString("login", login);
        _json.WriteEndObject();
    }

    private void Instant(string name, DateTimeOffset? at)
    {
        if (at is { } instant && instant <= _now) _json.WriteString(name, Time(instant));
        else _json.WriteNull(name);
    }

    private void Nodes(string name, bool hasMore, Action write)
    {
        _json.WriteStartObject(name);
        _json.WriteStartObject("pageInfo");
        _json.WriteBoolean("hasNextPage", hasMore);
        _json.WriteEndObject();
        _json.WriteStartArray("nodes");
        write();
        _json.WriteEndArray();
        _json.WriteEndObject();
    }
}
