using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Makes the registration of any of the systems.</summary>
internal static class GitOpsRegistration
{
    // Applications hold their history and every resource: a page of them is large.
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    private const int MaxBodyBytes = 4 * 1024 * 1024;

    public static GitOpsSettings Check(GitOpsOptions options, string section)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = GitOpsOptionsValidation.Problems(options, section);
        if (problems.Count > 0) throw new OptionsValidationException(section, options.GetType(), problems);
        return GitOpsSettings.From(options);
    }

    public static AdapterRegistration Create(GitOpsOptions options, GitOpsSettings settings, string called, string expected, IObjectReader reader, IEnumerable<ObjectList> lists, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        return new AdapterRegistration
        {
            Name = options.Name,
            Writers = [settings.Deployer, settings.Health],
            Gates = [Gates.RolledOut, Gates.Healthy],
            Authenticator = options.WebhookSecret is { } secret ? new GitOpsWebhookAuthenticator(secret) : null,
            Translator = options.WebhookSecret is null ? null : new GitOpsTranslator(expected, reader, settings),
            Probe = options.Address is { } address
                ? new GitOpsProbe(new SourceClient(called, address, http, time) { RequestTimeout = options.RequestTimeout, MaxAnswerBytes = MaxAnswerBytes, Prepare = static r => r.Headers.Accept.ParseAdd("application/json") }, [.. lists], reader, settings)
                : null,
            ProbeSchemes = [KeySchemes.Environment, KeySchemes.Image],
            PollInterval = options.PollInterval,
            CallsPerHour = options.CallsPerHour,
            MaxBodyBytes = MaxBodyBytes,
            MalformedStatusCode = 400,
        };
    }

    /// <summary>A message handler that trusts the configured authority and no other.</summary>
    public static SocketsHttpHandler CreateHandler(GitOpsOptions options)
    {
        var handler = SourceClient.CreateHandler();
        if (options.CertificateAuthorityFile is not { } file) return handler;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        return handler;
    }
}
