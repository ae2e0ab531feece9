using System.Buffers;
using System.Net;

namespace ClosedLoop.Adapters;

/// <summary>
/// Sends requests to one source, below one address. Everything that goes wrong comes back as an answer with a sentence for an operator; only
/// the caller's own cancellation is thrown. Redirects are not followed, answers are limited in size and time, <c>Retry-After</c> is kept
/// within an hour.
/// </summary>
/// <remarks>Safe from several threads. The client is not disposed with it.</remarks>
public sealed class SourceClient
{
    // A limit that does not say when it ends.
    private static readonly TimeSpan UnsaidRetryAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    private readonly string _name;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Makes a client.</summary>
    /// <param name="name">What the source is called in messages, such as <c>the registry</c>.</param>
    /// <param name="address">The absolute address below which everything lies.</param>
    /// <param name="http">Sends the requests; made with <see cref="CreateHandler"/>, without a time limit of its own.</param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or not http or https.</exception>
    public SourceClient(string name, Uri address, HttpClient http, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) throw new ArgumentException("An absolute http or https address is needed.", nameof(address));
        (_name, _http, _time) = (name, http, time);
        Address = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }

    /// <summary>The address below which everything lies, ending with '/'.</summary>
    public Uri Address { get; }

    /// <summary>The largest answer that is read, in bytes. The default is 16 MB.</summary>
    public int MaxAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long one request may take, its body included. The default is 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the body of a refused answer (4xx, 5xx) is read as well: a health check's has the verdict in it. The default is false.</summary>
    public bool ReadsRefusals { get; init; }

    /// <summary>Adds what every request needs, such as <c>Authorization</c>. The default adds nothing.</summary>
    public Action<HttpRequestMessage> Prepare { get; init; } = static _ => { };

    /// <summary>
    /// Makes a message handler as this client needs it: no redirects, no cookies, compressed answers unpacked, and no trace of its requests, since an address
    /// can hold a secret. A client of the factory needs <c>RemoveAllLoggers()</c> beside it: the factory's own loggers write addresses as well.
    /// </summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Without one no activity is made.
        ActivityHeadersPropagator = null,
    };

    /// <summary>Reads what lies at a path below the address.</summary>
    /// <param name="path">Path and query, not beginning with '/'. Parts that come from a payload must be escaped by the caller.</param>
    /// <param name="prepare">Adds what this request needs, after <see cref="Prepare"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<SourceAnswer> GetAsync(string path, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, prepare, cancellationToken);

    /// <summary>Sends a request to a path below the address; see <see cref="GetAsync"/>. Every 2xx answer is found.</summary>
    /// <exception cref="ArgumentException">The path leads away from the address.</exception>
    public async ValueTask<SourceAnswer> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        var target = new Uri(Address, path);
        if (!Address.IsBaseOf(target)) throw new ArgumentException("The path leads away from the source's address.", nameof(path));
        using var timeout = new CancellationTokenSource(RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(method, target);
            Prepare(request);
            prepare?.Invoke(request);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return await ReadAsync(response, linked.Token).ConfigureAwait(false);
            var refused = Refused(response);
            if (!ReadsRefusals || (int)response.StatusCode < 400) return refused;
            var read = await ReadAsync(response, linked.Token).ConfigureAwait(false);
            return refused with { Body = read.Body, MediaType = read.MediaType };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"did not answer within {RequestTimeout.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            return Failed($"cannot be reached ({e.HttpRequestError}); check its address and the network");
        }
        catch (IOException)
        {
            return Failed("broke off its answer; check the network or the proxy in front of it");
        }
    }

    private async ValueTask<SourceAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = response.Content;
        if (content.Headers.ContentLength > MaxAnswerBytes) return TooLarge();
        var body = new ArrayBufferWriter<byte>((int)(content.Headers.ContentLength ?? 16 * 1024) + 1);
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (await stream.ReadAsync(body.GetMemory(1), cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                body.Advance(read);
                if (body.WrittenCount > MaxAnswerBytes) return TooLarge();
            }
        }
        return new SourceAnswer { Kind = SourceAnswerKind.Found, StatusCode = (int)response.StatusCode, Body = body.WrittenMemory, Headers = response.Headers, MediaType = content.Headers.ContentType?.MediaType };
    }

    private SourceAnswer Refused(HttpResponseMessage response)
    {
        int code = (int)response.StatusCode;
        var retry = RetryAt(response);
        var answer = response.StatusCode switch
        {
            HttpStatusCode.NotModified => new SourceAnswer { Kind = SourceAnswerKind.Unchanged },
            HttpStatusCode.NotFound or HttpStatusCode.Gone => Failed($"has no such thing, or this user may not know of it (HTTP {code})") with { Kind = SourceAnswerKind.Missing },
            HttpStatusCode.TooManyRequests => Limited(),
            HttpStatusCode.Forbidden when retry is not null => Limited(),
            HttpStatusCode.Forbidden => Failed("does not let this user read it (HTTP 403); check the token's permissions") with { Kind = SourceAnswerKind.Forbidden },
            HttpStatusCode.Unauthorized => Failed("refused the credentials (HTTP 401); check the token"),
            >= HttpStatusCode.InternalServerError => Failed($"is starting, overloaded or failing (HTTP {code})") with { RetryAt = retry },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Failed($"redirects elsewhere (HTTP {code}), which is not followed; configure the address where it ends"),
            _ => Failed($"refused the request (HTTP {code})"),
        };
        return answer with { StatusCode = code, Headers = response.Headers };

        SourceAnswer Limited() => Failed($"limits the rate (HTTP {code})") with { Kind = SourceAnswerKind.RateLimited, RetryAt = retry ?? _time.GetUtcNow() + UnsaidRetryAfter };
    }

    private DateTimeOffset? RetryAt(HttpResponseMessage response)
    {
        var now = _time.GetUtcNow();
        var after = response.Headers.RetryAfter;
        var at = after?.Delta is { } delta ? now + TimeSpan.FromTicks(Math.Min(delta.Ticks, MaxRetryAfter.Ticks)) : after?.Date;
        return at > now + MaxRetryAfter ? now + MaxRetryAfter : at;
    }

    private SourceAnswer TooLarge() => Failed($"answered with more than {MaxAnswerBytes / (1024 * 1024)} MB") with { IsTooLarge = true };

    private SourceAnswer Failed(string what) => new() { Kind = SourceAnswerKind.Unreachable, Detail = $"{_name} {what}" };
}
