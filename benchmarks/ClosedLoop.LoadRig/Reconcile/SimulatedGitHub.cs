using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>
/// GitHub's API in this process: it answers the adapter's own requests, charges for each by GitHub's published rule, and refuses when the
/// hour's points are used up. It delivers no webhook.
/// </summary>
internal sealed partial class SimulatedGitHub(TimeProvider time, int pointsPerHour) : HttpMessageHandler
{
    private long _usedThisHour;
    private long _hour;

    public List<SimulatedRepository> Repositories { get; } = [];

    public CallLog Calls { get; } = new();

    /// <summary>Requests that were refused because the hour's points were used up.</summary>
    public int Refused { get; private set; }

    private DateTimeOffset Now => time.GetUtcNow();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get) return List(request);
        string body = await request.Content!.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(body);
        string query = document.RootElement.GetProperty("query").GetString()!;
        using var answer = new GraphQlWriter(Now, HistoryPage().Match(query) is { Success: true } page ? int.Parse(page.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0);
        Read(query, answer);
        int points = Math.Max(1, (int)Math.Round(answer.Connections / 100.0));
        if (!Charge(points)) return Respond(request, HttpStatusCode.Forbidden, """{"message":"API rate limit exceeded"}"""u8.ToArray());
        return Respond(request, HttpStatusCode.OK, answer.End(points));
    }

    private void Read(string query, GraphQlWriter answer)
    {
        bool withHistory = query.Contains("history(", StringComparison.Ordinal);
        SimulatedRepository? repository = null;
        foreach (string text in query.Split('\n'))
        {
            string line = text.Trim();
            if (line.StartsWith("fragment", StringComparison.Ordinal)) break;
            if (RepositoryAlias().Match(line) is { Success: true } opened)
            {
                repository = Repositories[int.Parse(opened.Groups[3].ValueSpan, CultureInfo.InvariantCulture)];
                answer.Repository(opened.Groups[1].Value);
            }
            else if (repository is null || line.Length == 0) continue;
            else if (line == "}") answer.Close(ref repository);
            else if (line.StartsWith('p') && char.IsAsciiDigit(line[1])) answer.Pull(line[..line.IndexOf(':', StringComparison.Ordinal)], repository.Pulls.GetValueOrDefault(int.Parse(line.AsSpan(1, line.IndexOf(':', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture)));
            else if (line.StartsWith("defaultBranchRef", StringComparison.Ordinal)) answer.Head("defaultBranchRef", repository, withHistory: false, withChecks: !withHistory);
            else if (line.StartsWith("deployments", StringComparison.Ordinal)) answer.Deployments();
            else if (line.StartsWith("pullRequests(", StringComparison.Ordinal)) answer.Changes(repository);
            else if (line[0] is 'c' or 'h') answer.Commit(line[..line.IndexOf(':', StringComparison.Ordinal)], repository, line.Split('"')[1], withHistory);
            else if (line[0] == 'l') answer.Head(line[..line.IndexOf(':', StringComparison.Ordinal)], repository, line.Contains("...history", StringComparison.Ordinal), withChecks: false);
            else throw new ClaimFailedException($"the simulated GitHub does not know what to answer to '{line}'.");
        }
    }

    private HttpResponseMessage List(HttpRequestMessage request)
    {
        var repository = Repositories.Find(r => request.RequestUri!.AbsolutePath == $"/repos/{r.Name}/pulls") ?? throw new ClaimFailedException($"the simulated GitHub has nothing at {request.RequestUri}.");
        string etag = $"\"{(repository.ByUpdate.Count == 0 ? 0 : repository.ByUpdate[^1].UpdatedAt.UtcTicks)}\"";
        if (request.Headers.TryGetValues("If-None-Match", out var known) && known.Contains(etag, StringComparer.Ordinal))
        {
            Calls.Add(Now, 0, isFree: true);
            return Respond(request, HttpStatusCode.NotModified, []);
        }
        if (!Charge(1)) return Respond(request, HttpStatusCode.Forbidden, """{"message":"API rate limit exceeded"}"""u8.ToArray());
        string list = string.Join(',', Enumerable.Reverse(repository.ByUpdate).Take(100).Select(static p => $$"""{"number":{{p.Number}},"updated_at":"{{GraphQlWriter.Time(p.UpdatedAt)}}"}"""));
        var response = Respond(request, HttpStatusCode.OK, System.Text.Encoding.UTF8.GetBytes($"[{list}]"));
        response.Headers.ETag = EntityTagHeaderValue.Parse(etag);
        return response;
    }

    private bool Charge(int points)
    {
        long hour = Now.ToUnixTimeSeconds() / 3600;
        if (hour != _hour) (_hour, _usedThisHour) = (hour, 0);
        Calls.Add(Now, points, isFree: false);
        if (_usedThisHour + points > pointsPerHour)
        {
            Refused++;
            return false;
        }
        _usedThisHour += points;
        return true;
    }

    private HttpResponseMessage Respond(HttpRequestMessage request, HttpStatusCode status, byte[] body)
    {
        var response = new HttpResponseMessage(status) { RequestMessage = request, Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        response.Headers.Date = Now;
        response.Headers.Add("x-ratelimit-limit", pointsPerHour.ToString(CultureInfo.InvariantCulture));
        response.Headers.Add("x-ratelimit-remaining", (pointsPerHour - _usedThisHour).ToString(CultureInfo.InvariantCulture));
        response.Headers.Add("x-ratelimit-reset", ((_hour + 1) * 3600).ToString(CultureInfo.InvariantCulture));
        return response;
    }

    [GeneratedRegex("""history\(first: (\d+)\)""")]
    private static partial Regex HistoryPage();

    [GeneratedRegex("""^(r\d+): repository\(owner: "acme", name: "(service-)(\d+)"\)""")]
    private static partial Regex RepositoryAlias();
}
