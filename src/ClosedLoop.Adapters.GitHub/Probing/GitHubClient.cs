using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// Sends requests to GitHub: sets the headers, keeps to the rate limits, bounds time and size, and never takes the token to another
/// host. Every failure is a reply, not an exception. Safe from several threads.
/// </summary>
internal sealed partial class GitHubClient
{
    /// <summary>The REST version that still has every field we read; the next one drops some.</summary>
    public const string ApiVersion = "2022-11-28";

    /// <summary>The largest answer that is read: 10 MB.</summary>
    public const int MaxResponseBytes = 10 * 1024 * 1024;

    private const int MaxRedirects = 3;

    // A clock further ahead than this is wrong, and what is ordered by it would hide everything that happens until then.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private static readonly ProductInfoHeaderValue Agent = new("ClosedLoop", typeof(GitHubClient).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpClient _http;
    private readonly GitHubCredentials _credentials;
    private readonly GitHubSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger? _logger;
    private readonly RateBudget _rest;
    private readonly RateBudget _graphQl;

    public GitHubClient(HttpClient http, GitHubCredentials credentials, GitHubSettings settings, TimeProvider time, ILogger? logger)
    {
        _http = http;
        _credentials = credentials;
        _settings = settings;
        _time = time;
        _logger = logger;
        _rest = new RateBudget(time, settings.MinRemainingRequests);
        _graphQl = new RateBudget(time, settings.MinRemainingRequests);
    }

    public TimeProvider Time => _time;

    /// <summary>The scarcer of the two windows.</summary>
    public int? Remaining => _rest.Remaining is { } rest && _graphQl.Remaining is { } graphQl ? Math.Min(rest, graphQl) : _rest.Remaining ?? _graphQl.Remaining;

    /// <summary>When the next query may be made; null: now.</summary>
    public DateTimeOffset? WaitUntil() => _graphQl.WaitUntil() ?? _rest.WaitUntil();

    public static HttpClient CreateHttp() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    /// <param name="address">Where, on GitHub's host.</param>
    /// <param name="etag">What the last answer was called, or null.</param>
    /// <param name="asApp">Whether an App asks about itself.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<GitHubReply> GetAsync(Uri address, string? etag, bool asApp, CancellationToken cancellationToken) =>
        SendAsync(_rest, address, asApp, target =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, target);
            if (etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
            return request;
        }, cancellationToken);

    public Task<GitHubReply> QueryAsync(string query, CancellationToken cancellationToken) => QueryAsync(query, null, cancellationToken);

    public Task<GitHubReply> QueryAsync(string query, JsonObject? variables, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["query"] = query };
        if (variables is not null) body["variables"] = variables;
        string text = body.ToJsonString();
        return SendAsync(_graphQl, _settings.GraphQlAddress, asApp: false, target => WithBody(HttpMethod.Post, target, text), cancellationToken);
    }

    /// <summary>Sends a change below the API's address. An answer without a body has no document.</summary>
    public Task<GitHubReply> ChangeAsync(HttpMethod method, string path, JsonObject? body, bool asApp, CancellationToken cancellationToken)
    {
        string? text = body?.ToJsonString();
        return SendAsync(_rest, new Uri(_settings.BaseAddress, path), asApp, target => WithBody(method, target, text), cancellationToken);
    }

    public Task<GitHubReply> PostAsAppAsync(string path, CancellationToken cancellationToken) => ChangeAsync(HttpMethod.Post, path, null, asApp: true, cancellationToken);

    /// <summary>Notes that a query was refused for the rate in its body, with status 200.</summary>
    public DateTimeOffset RefusedInBody(DateTimeOffset? retryAt)
    {
        using var none = new HttpResponseMessage();
        var until = _graphQl.Refuse(none.Headers);
        return retryAt ?? until;
    }

    private static HttpRequestMessage WithBody(HttpMethod method, Uri target, string? text) =>
        new(method, target) { Content = text is null ? null : new StringContent(text, Encoding.UTF8, "application/json") };

    private async Task<GitHubReply> SendAsync(RateBudget budget, Uri address, bool asApp, Func<Uri, HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        if (asApp)
        {
            return _credentials.AppToken() is { } own
                ? await SendAsync(budget, address, own, create, cancellationToken).ConfigureAwait(false)
                : Unreachable("only an App can ask this; set GitHub:App");
        }
        for (bool again = false; ; again = true)
        {
            var (token, failure) = await _credentials.GetAsync(this, cancellationToken).ConfigureAwait(false);
            if (token is null) return failure!;
            var reply = await SendAsync(budget, address, token, create, cancellationToken).ConfigureAwait(false);
            // An installation's token ends early when its permissions change.
            if (reply.Status != 401 || again || !_credentials.Forget(token)) return reply;
        }
    }

    private async Task<GitHubReply> SendAsync(RateBudget budget, Uri address, string token, Func<Uri, HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        if (budget.WaitUntil() is { } wait)
            return new GitHubReply { Kind = ReplyKind.RateLimited, IsHeldBack = true, RetryAt = wait, Detail = $"waiting for GitHub's rate limit; {budget.Remaining ?? 0} requests are left and GitHub:MinRemainingRequests keeps {_settings.MinRemainingRequests}" };
        using var limit = new CancellationTokenSource(_settings.RequestTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            for (int redirects = 0; ; redirects++)
            {
                using var request = create(address);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                request.Headers.UserAgent.Add(new ProductInfoHeaderValue(Agent.Product!));
                request.Headers.Accept.ParseAdd("application/vnd.github+json");
                request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", ApiVersion);
                long sent = _time.GetTimestamp();
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
                if (response.RequestMessage?.RequestUri is { } final && !IsSameHost(final))
                    return Unreachable($"GitHub's address led to another host, {final.Host}; its answer was not read");
                budget.Read(response.Headers);
                if (IsRedirect(response.StatusCode))
                {
                    var target = response.Headers.Location is { } location ? new Uri(address, location) : null;
                    if (request.Method != HttpMethod.Get || target is null || !IsSameHost(target) || redirects >= MaxRedirects)
                        return Unreachable($"GitHub redirected {address.AbsolutePath} to {target?.Host ?? "nowhere"}, where the token is not sent; check GitHub:BaseAddress");
                    address = target;
                    continue;
                }
                var asOf = AsOf(response.Headers.Date, _time.GetElapsedTime(sent));
                return await ReadAsync(response, budget, address, asOf, request.Method == HttpMethod.Get, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable($"GitHub did not answer {address.AbsolutePath} within {_settings.RequestTimeout.TotalSeconds:0} s (GitHub:RequestTimeout)");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return Unreachable($"GitHub could not be reached at {address.Host}: {error.Message}");
        }
    }

    private async Task<GitHubReply> ReadAsync(HttpResponseMessage response, RateBudget budget, Uri address, DateTimeOffset? asOf, bool isRead, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotModified) return new GitHubReply { Kind = ReplyKind.NotModified, ETag = ETagOf(response) };
        var body = await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
        if (body is null) return new GitHubReply { Kind = ReplyKind.TooLarge, Detail = $"GitHub's answer to {address.AbsolutePath} is larger than {MaxResponseBytes / 1024 / 1024} MB and was not read" };
        if (!response.IsSuccessStatusCode) return Refused(response, body.Value, budget, address);
        if (body.Value.IsEmpty && !isRead && response.StatusCode != HttpStatusCode.OK)
        {
            budget.Succeeded();
            return new GitHubReply { Kind = ReplyKind.Ok };
        }
        try
        {
            var document = JsonDocument.Parse(body.Value);
            budget.Succeeded();
            return new GitHubReply { Kind = ReplyKind.Ok, Document = document, ETag = ETagOf(response), Next = NextOf(response, address), AsOf = asOf };
        }
        catch (JsonException)
        {
            return Unreachable($"GitHub's answer to {address.AbsolutePath} is not JSON; check GitHub:BaseAddress, or a proxy on the way");
        }
    }

    private GitHubReply Refused(HttpResponseMessage response, ReadOnlyMemory<byte> body, RateBudget budget, Uri address)
    {
        int status = (int)response.StatusCode;
        string text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 4096)]);
        switch (status)
        {
            case 401:
                return Unreachable(_credentials.Refused, status);
            case 429:
            case 403 when IsRateLimit(response.Headers, text):
                var until = budget.Refuse(response.Headers);
                return new GitHubReply { Kind = ReplyKind.RateLimited, Status = status, RetryAt = until, Detail = $"GitHub limits the rate ({status})" };
            case 403:
                return Unreachable($"GitHub:Token may not read {address.AbsolutePath} (403); give it read access to pull requests, checks, commit statuses and contents", status, MessageOf(text));
            case 404:
                return new GitHubReply { Kind = ReplyKind.NotFound, Status = status, Message = MessageOf(text), Detail = $"GitHub finds nothing at {address.AbsolutePath} (404)" };
            case 502 or 503 or 504:
                return new GitHubReply { Kind = ReplyKind.TooSlow, Status = status, Detail = $"GitHub answered {status} to {address.AbsolutePath}" };
            default:
                return Unreachable($"GitHub answered {status} to {address.AbsolutePath}", status, MessageOf(text));
        }
    }

    // A secondary limit can come without any header but this one, or with nothing but its text.
    private static bool IsRateLimit(HttpResponseHeaders headers, string body) =>
        headers.RetryAfter is not null || headers.Contains("gh-limited-by") || RateBudget.Number(headers, "x-ratelimit-remaining") == 0 ||
        body.Contains("rate limit", StringComparison.OrdinalIgnoreCase) || body.Contains("abuse detection", StringComparison.OrdinalIgnoreCase);

    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxResponseBytes) return null;
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MaxResponseBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    // The header is from when the answer was made, so this is no later than when the request was.
    private DateTimeOffset? AsOf(DateTimeOffset? date, TimeSpan took) =>
        date is { } at && at <= _time.GetUtcNow() + ClockTolerance ? DateTimeOffset.FromUnixTimeSeconds((at - took).ToUnixTimeSeconds()) : null;

    private GitHubReply Unreachable(string detail, int status = 0, string? message = null)
    {
        if (_logger is not null) LogUnreachable(_logger, detail);
        return new GitHubReply { Kind = ReplyKind.Unreachable, Status = status, Message = message, Detail = detail };
    }

    private static string? MessageOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Text("message") is { } message ? message.Length > 300 ? message[..300] : message : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsSameHost(Uri address) => string.Equals(address.Authority, _settings.BaseAddress.Authority, StringComparison.OrdinalIgnoreCase) && address.Scheme == _settings.BaseAddress.Scheme;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static string? ETagOf(HttpResponseMessage response) => response.Headers.TryGetValues("ETag", out var values) ? values.FirstOrDefault() : null;

    private Uri? NextOf(HttpResponseMessage response, Uri address)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        foreach (string link in string.Join(',', links).Split(','))
        {
            int open = link.IndexOf('<', StringComparison.Ordinal), close = link.IndexOf('>', StringComparison.Ordinal);
            if (open < 0 || close < open || !link.AsSpan(close).Contains("rel=\"next\"", StringComparison.Ordinal)) continue;
            return Uri.TryCreate(address, link[(open + 1)..close], out var next) && IsSameHost(next) ? next : null;
        }
        return null;
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "{Detail}")]
    private static partial void LogUnreachable(ILogger logger, string detail);
}
