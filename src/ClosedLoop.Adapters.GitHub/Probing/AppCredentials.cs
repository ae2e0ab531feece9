using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// A GitHub App: signs a short token with its key, exchanges it for an installation's token, and keeps that until shortly before it ends or
/// until GitHub refuses it. Safe from several threads; one exchange at a time.
/// </summary>
internal sealed class AppCredentials : GitHubCredentials, IDisposable
{
    // GitHub takes ten minutes at most, and its clock may be behind or ahead of ours by a little.
    private static readonly TimeSpan Backdated = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(9);

    // Longer than the longest request.
    private static readonly TimeSpan RefreshBefore = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan LongestUse = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestUse = TimeSpan.FromMinutes(1);

    private readonly string _issuer;
    private readonly long _installation;
    private readonly RSA _key;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _exchange = new(1, 1);
    private volatile Held? _held;

    public AppCredentials(string issuer, long installation, string privateKey, TimeProvider time)
    {
        (_issuer, _installation, _time) = (issuer, installation, time);
        _key = RSA.Create();
        _key.ImportFromPem(privateKey);
    }

    public override string Refused =>
        "GitHub does not accept the App (401); check that GitHub:App:PrivateKey is a key of the App GitHub:App:ClientId that was not deleted, that the installation is not suspended, and this machine's clock";

    /// <summary>Whether a text is a private key that can sign; says nothing about it otherwise.</summary>
    public static bool IsKey(string pem)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize >= 2048 && key.ExportParameters(true).D is not null;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    public override async ValueTask<(string? Token, GitHubReply? Failure)> GetAsync(GitHubClient client, CancellationToken cancellationToken)
    {
        if (Usable() is { } token) return (token, null);
        await _exchange.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Usable() is { } other) return (other, null);
            string path = string.Create(CultureInfo.InvariantCulture, $"app/installations/{_installation}/access_tokens");
            var reply = await client.PostAsAppAsync(path, cancellationToken).ConfigureAwait(false);
            if (reply.Kind != ReplyKind.Ok)
            {
                // A body may be echoed in a message, and this one's would be a token: nothing of it is in the reply.
                return (null, reply.Kind == ReplyKind.NotFound
                    ? new GitHubReply { Kind = ReplyKind.Unreachable, Detail = "GitHub knows no such installation of the App (404); check GitHub:App:InstallationId" }
                    : reply);
            }
            using (reply)
            {
                var root = reply.Document?.RootElement ?? default;
                if (root.Text("token") is not { } fresh || fresh.Any(static c => c is <= ' ' or > '~'))
                    return (null, new GitHubReply { Kind = ReplyKind.Unreachable, Detail = "GitHub's answer to the App holds no token; check GitHub:BaseAddress" });
                var now = _time.GetUtcNow();
                var until = root.Time("expires_at") is { } ends && ends < now + LongestUse ? ends : now + LongestUse;
                until -= RefreshBefore;
                _held = new Held(fresh, until > now + ShortestUse ? until : now + ShortestUse);
                return (fresh, null);
            }
        }
        finally
        {
            _exchange.Release();
        }
    }

    public override bool Forget(string token)
    {
        if (_held is { } held && held.Token == token) Interlocked.CompareExchange(ref _held, null, held);
        return true;
    }

    public override string AppToken()
    {
        var now = _time.GetUtcNow();
        string head = Encode(new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" });
        string claims = Encode(new JsonObject { ["iat"] = (now - Backdated).ToUnixTimeSeconds(), ["exp"] = (now + Lifetime).ToUnixTimeSeconds(), ["iss"] = _issuer });
        byte[] signature = _key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose()
    {
        _key.Dispose();
        _exchange.Dispose();
    }

    private string? Usable() => _held is { } held && _time.GetUtcNow() < held.Until ? held.Token : null;

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private sealed record Held(string Token, DateTimeOffset Until);
}
