using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Reads JSON below Jenkins' root. Everything that goes wrong comes back as an answer with a sentence that names the option to look at;
/// only the caller's own cancellation is thrown.
/// </summary>
internal sealed class JenkinsClient(JenkinsSettings settings, HttpClient http, TimeProvider time)
{
    /// <summary>The largest answer that is read: 5 MB.</summary>
    public const int MaxAnswerBytes = 5 * 1024 * 1024;

    // A limit that does not say when it ends.
    private static readonly TimeSpan UnsaidRetryAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Reads <c>{path}/api/json?tree={tree}</c>.</summary>
    public Task<JenkinsAnswer> GetAsync(string path, string tree, CancellationToken cancellationToken) =>
        GetAsync($"{path}/api/json?tree={Uri.EscapeDataString(tree)}", cancellationToken);

    /// <summary>Reads what lies at a path below the root.</summary>
    public async Task<JenkinsAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.RequestTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var address = new Uri($"{settings.Base.AbsoluteUri}{path}");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.Authorization = settings.Authorization;
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            if (response.RequestMessage?.RequestUri is { } final && final != address) return Unreachable("redirected the request; set Jenkins:BaseAddress to the address where it ends");
            if (response.StatusCode != HttpStatusCode.OK) return Refused(response);
            if (response.Content.Headers.ContentType?.MediaType is { } type && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
                return Unreachable($"answered with {SourceText.Quote(type)} instead of JSON, as a login page or proxy does; set Jenkins:UserName and Jenkins:ApiToken, or point Jenkins:BaseAddress past it");
            return await ReadAsync(response.Content, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable($"did not answer within {settings.RequestTimeout.TotalSeconds:0.#} s; raise Jenkins:RequestTimeout or lower Jenkins:MaxBuildsPerSweep");
        }
        catch (HttpRequestException e)
        {
            return Unreachable($"cannot be reached ({e.HttpRequestError}); check Jenkins:BaseAddress and the network");
        }
        catch (IOException)
        {
            return Unreachable("broke off its answer; check the network or proxy in front of Jenkins:BaseAddress");
        }
    }

    private static async Task<JenkinsAnswer> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
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
        try
        {
            return new JenkinsAnswer(AnswerKind.Found) { Document = JsonDocument.Parse(body.WrittenMemory) };
        }
        catch (JsonException)
        {
            return Unreachable("answered with something that is not JSON; check that Jenkins:BaseAddress is Jenkins' own root");
        }
    }

    private JenkinsAnswer Refused(HttpResponseMessage response)
    {
        int code = (int)response.StatusCode;
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => new JenkinsAnswer(AnswerKind.Missing),
            HttpStatusCode.Forbidden => new JenkinsAnswer(AnswerKind.Forbidden),
            HttpStatusCode.Unauthorized => Unreachable("refused the credentials (HTTP 401); check Jenkins:UserName and Jenkins:ApiToken"),
            HttpStatusCode.TooManyRequests => Unreachable("limits the rate (HTTP 429); raise Jenkins:PollInterval") with { Kind = AnswerKind.RateLimited, RetryAt = RetryAt(response) ?? time.GetUtcNow() + UnsaidRetryAfter },
            >= HttpStatusCode.InternalServerError => Unreachable($"is starting, overloaded or failing (HTTP {code})") with { RetryAt = RetryAt(response) },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Unreachable($"redirects elsewhere (HTTP {code}), which is not followed; set Jenkins:BaseAddress to the address where it ends"),
            _ => Unreachable($"refused the request (HTTP {code}); check Jenkins:BaseAddress"),
        };
    }

    private DateTimeOffset? RetryAt(HttpResponseMessage response)
    {
        var now = time.GetUtcNow();
        var after = response.Headers.RetryAfter;
        var at = after?.Delta is { } delta ? now + TimeSpan.FromTicks(Math.Min(delta.Ticks, MaxRetryAfter.Ticks)) : after?.Date;
        return at > now + MaxRetryAfter ? now + MaxRetryAfter : at;
    }

    private static JenkinsAnswer TooLarge() =>
        Unreachable($"answered with more than {MaxAnswerBytes / (1024 * 1024)} MB; lower Jenkins:MaxBuildsPerSweep");

    private static JenkinsAnswer Unreachable(string what) => new(AnswerKind.Unreachable, $"Jenkins {what}");
}
