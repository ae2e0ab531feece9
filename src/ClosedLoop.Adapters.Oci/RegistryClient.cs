using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// Reads a registry: manifests, blobs and tags, with a token where it asks for one. Credentials go to the registry and to the configured token servers, and
/// nowhere else; a redirect of a blob is followed to configured hosts, without them. Safe from several threads.
/// </summary>
internal sealed class RegistryClient(OciSettings settings, HttpClient http, TimeProvider time)
{
    /// <summary>The largest answer that is read: 8 MB. The specification has manifests end at 4 MB; a list of 10,000 tags has 1.4 MB.</summary>
    public const int MaxAnswerBytes = 8 * 1024 * 1024;

    private const int MaxRedirects = 3, MaxTokenLength = 32 * 1024, MaxTokenAnswerBytes = 256 * 1024;

    // The specification's own default, and a limit on what a server may say.
    private static readonly TimeSpan MinTokenLife = TimeSpan.FromSeconds(60), MaxTokenLife = TimeSpan.FromHours(1), Early = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (AuthenticationHeaderValue Header, DateTimeOffset Until)> _authorizations = new(StringComparer.Ordinal);
    private readonly SourceClient _registry = Client($"the registry {settings.Name}", settings.Address, settings, http, time);

    public Uri Address => settings.Address;

    private DateTimeOffset Now => time.GetUtcNow();

    public Task<SourceAnswer> ManifestAsync(RepositoryRule rule, string reference, CallBudget budget, CancellationToken cancellationToken) =>
        SendAsync(rule, HttpMethod.Get, $"v2/{rule.Name}/manifests/{reference}", static r => Accept(r, MediaTypes.AcceptManifests), budget, cancellationToken);

    /// <summary>Whether a tag is still at a digest: unchanged, or found with the digest in its headers.</summary>
    public Task<SourceAnswer> HeadAsync(RepositoryRule rule, string tag, string known, CallBudget budget, CancellationToken cancellationToken) =>
        SendAsync(rule, HttpMethod.Head, $"v2/{rule.Name}/manifests/{tag}", r =>
        {
            Accept(r, MediaTypes.AcceptManifests);
            r.Headers.TryAddWithoutValidation("If-None-Match", $"\"{known}\"");
        }, budget, cancellationToken);

    public Task<SourceAnswer> TagsAsync(RepositoryRule rule, string query, CallBudget budget, CancellationToken cancellationToken) =>
        SendAsync(rule, HttpMethod.Get, $"v2/{rule.Name}/tags/list{query}", static r => Accept(r, "application/json"), budget, cancellationToken);

    public Task<SourceAnswer> ReferrersAsync(RepositoryRule rule, string digest, CallBudget budget, CancellationToken cancellationToken) =>
        SendAsync(rule, HttpMethod.Get, $"v2/{rule.Name}/referrers/{digest}", static r => Accept(r, MediaTypes.AcceptManifests), budget, cancellationToken);

    public async Task<SourceAnswer> BlobAsync(RepositoryRule rule, string digest, CallBudget budget, CancellationToken cancellationToken)
    {
        string path = $"v2/{rule.Name}/blobs/{digest}";
        var at = new Uri(settings.Address, path);
        var answer = await SendAsync(rule, HttpMethod.Get, path, null, budget, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < MaxRedirects && answer.StatusCode is 301 or 302 or 303 or 307 or 308; i++)
        {
            if (answer.Headers?.Location is not { } location || !Uri.TryCreate(at, location, out var next)) break;
            if (!IsAllowed(next, settings.BlobHosts))
                return answer with { Detail = $"the registry {settings.Name} redirects to {SourceText.Quote(next.Authority)} for a blob, which is not followed; if that is its storage, add the host to Oci:BlobHosts" };
            if (!budget.TryTake()) return CallBudget.Spent;
            at = next;
            var host = Client($"the storage of the registry {settings.Name}", new Uri(next.GetLeftPart(UriPartial.Authority) + "/"), settings, http, time);
            answer = await host.GetAsync("./" + next.PathAndQuery[1..], null, cancellationToken).ConfigureAwait(false);
        }
        return answer;
    }

    /// <summary>The header's digest, or null when it is missing or none.</summary>
    public static string? DigestOf(SourceAnswer answer) =>
        answer.Headers is { } headers && headers.TryGetValues("Docker-Content-Digest", out var values) ? Digest.Read(values.FirstOrDefault()) : null;

    private async Task<SourceAnswer> SendAsync(RepositoryRule rule, HttpMethod method, string path, Action<HttpRequestMessage>? prepare, CallBudget budget, CancellationToken cancellationToken)
    {
        var authorization = _authorizations.TryGetValue(rule.Name, out var known) && Now < known.Until ? known.Header : null;
        if (!budget.TryTake()) return CallBudget.Spent;
        var answer = await OnceAsync().ConfigureAwait(false);
        if (answer.StatusCode != (int)HttpStatusCode.Unauthorized) return answer;
        (authorization, var failure) = await AuthorizeAsync(rule, BearerChallenge.Read(answer.Headers), budget, cancellationToken).ConfigureAwait(false);
        if (failure is not null) return failure;
        if (!budget.TryTake()) return CallBudget.Spent;
        answer = await OnceAsync().ConfigureAwait(false);
        if (answer.StatusCode == (int)HttpStatusCode.Unauthorized)
        {
            _authorizations.TryRemove(rule.Name, out _);
            return answer with { Detail = $"the registry {settings.Name} does not let this user pull {rule.Name} (HTTP 401); check Oci:UserName and Oci:Password and the user's rights" };
        }
        return answer;

        ValueTask<SourceAnswer> OnceAsync() => _registry.SendAsync(method, path, request =>
        {
            prepare?.Invoke(request);
            request.Headers.Authorization = authorization;
        }, cancellationToken);
    }

    private async Task<(AuthenticationHeaderValue? Header, SourceAnswer? Failure)> AuthorizeAsync(RepositoryRule rule, BearerChallenge? challenge, CallBudget budget, CancellationToken cancellationToken)
    {
        if (challenge is null) return (null, Failed("asks for credentials in a way that is not known (HTTP 401); it has to ask for Basic or Bearer"));
        if (challenge.IsBasic)
        {
            if (settings.Basic is null) return (null, Failed("asks for a password (HTTP 401); set Oci:UserName and Oci:Password"));
            _authorizations[rule.Name] = (settings.Basic, DateTimeOffset.MaxValue);
            return (settings.Basic, null);
        }
        if (challenge.Realm is not { } realm || !IsAllowed(realm, settings.TokenHosts))
            return (null, Failed($"names {SourceText.Quote(challenge.Realm?.Authority ?? "")} as its token server, which was not asked; if it is, add the host to Oci:TokenHosts"));
        if (!budget.TryTake()) return (null, CallBudget.Spent);
        string query = $"scope={Uri.EscapeDataString($"repository:{rule.Name}:pull")}";
        if (challenge.Service is { Length: > 0 } service) query = $"service={Uri.EscapeDataString(service)}&{query}";
        var server = new SourceClient($"the token server of the registry {settings.Name}", new Uri(realm.GetLeftPart(UriPartial.Authority) + "/"), http, time)
        {
            MaxAnswerBytes = MaxTokenAnswerBytes,
            RequestTimeout = settings.RequestTimeout,
        };
        var answer = await server.GetAsync($"./{realm.PathAndQuery[1..]}{(realm.Query.Length > 0 ? '&' : '?')}{query}", r => r.Headers.Authorization = settings.Basic, cancellationToken).ConfigureAwait(false);
        if (answer.Kind != SourceAnswerKind.Found)
        {
            return (null, answer.StatusCode is 401 or 403 ? Failed("refused the credentials at its token server; check Oci:UserName and Oci:Password") : answer.IsReached ? Failed("has no token server where it says") : answer);
        }
        if (Token(answer.Body) is not { } token) return (null, Failed("has a token server that answered without a usable token"));
        var header = new AuthenticationHeaderValue("Bearer", token.Text);
        _authorizations[rule.Name] = (header, Now + token.Life - Early);
        return (header, null);
    }

    private static (string Text, TimeSpan Life)? Token(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            string? text = json.RootElement.Text("token") ?? json.RootElement.Text("access_token");
            if (text is not { Length: > 0 and <= MaxTokenLength } || text.Any(static c => c is <= ' ' or >= '\x7f')) return null;
            double seconds = Math.Clamp(json.RootElement.Number("expires_in") ?? 0, MinTokenLife.TotalSeconds, MaxTokenLife.TotalSeconds);
            return (text, TimeSpan.FromSeconds(seconds));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A registry over TLS does not lead to plain text.
    private bool IsAllowed(Uri target, FrozenSet<string> hosts) =>
        (target.Scheme == Uri.UriSchemeHttps || (target.Scheme == Uri.UriSchemeHttp && settings.Address.Scheme == Uri.UriSchemeHttp)) && target.UserInfo.Length == 0 &&
        (string.Equals(target.Authority, settings.Address.Authority, StringComparison.OrdinalIgnoreCase) || hosts.Contains(target.Authority) || (target.IsDefaultPort && hosts.Contains(target.Host)));

    private SourceAnswer Failed(string what) => new() { Kind = SourceAnswerKind.Unreachable, Detail = $"the registry {settings.Name} {what}" };

    private static void Accept(HttpRequestMessage request, string types) => request.Headers.TryAddWithoutValidation("Accept", types);

    private static SourceClient Client(string name, Uri address, OciSettings settings, HttpClient http, TimeProvider time) =>
        new(name, address, http, time) { MaxAnswerBytes = MaxAnswerBytes, RequestTimeout = settings.RequestTimeout };
}
