using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClosedLoop.Adapters.Kubernetes.Client;

/// <summary>Where the API server is, whom it is trusted by and as whom it is asked.</summary>
internal sealed class ClusterAccess
{
    private const int MaxFileBytes = 1024 * 1024;

    public required Uri Server { get; init; }

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    /// <summary>The authorities; null for those that the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Finds the access that the options mean; null with a problem when there is none.</summary>
    public static ClusterAccess? Resolve(KubernetesOptions options, List<string> problems)
    {
        int before = problems.Count;
        var access = options.Server is not null ? OfServer(options, problems)
            : options.KubeconfigFile is not null ? Kubeconfig.Read(options, problems)
            : OfServiceAccount(options, problems);
        return problems.Count == before ? access : null;
    }

    /// <summary>Makes a message handler that trusts and shows the right certificates.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = SourceClient.CreateHandler();
        if (ClientCertificate is not null) handler.SslOptions.ClientCertificates = [ClientCertificate];
        if (Authorities is null) return handler;
        // Host name and dates are checked as always; only the roots are the cluster's own.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Authorities);
        handler.SslOptions.CertificateChainPolicy = policy;
        return handler;
    }

    /// <summary>Reads a text file, or adds a problem. The message names the file's option, never its content.</summary>
    public static string? ReadFile(string path, string option, List<string> problems)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes }) return File.ReadAllText(path);
            KubernetesOptionsValidation.Add(problems, option, "names a file that is not there or is larger than 1 MB", "check the path");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            KubernetesOptionsValidation.Add(problems, option, $"names a file that cannot be read ({e.GetType().Name})", "check the path and who may read it");
        }
        return null;
    }

    public static X509Certificate2Collection? ReadAuthorities(string? pem, string option, List<string> problems)
    {
        if (pem is null) return null;
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            found.Clear();
        }
        if (found.Count == 0) KubernetesOptionsValidation.Add(problems, option, "holds no certificate in PEM form", "use the cluster's ca.crt");
        return found;
    }

    public static X509Certificate2? ReadCertificate(string? certificate, string? key, string option, List<string> problems)
    {
        if (certificate is null || key is null) return null;
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            KubernetesOptionsValidation.Add(problems, option, "holds no client certificate with its key in PEM form", "use the pair that kubectl uses; keys with a password are not taken");
            return null;
        }
    }

    private static ClusterAccess OfServer(KubernetesOptions options, List<string> problems)
    {
        string? authorities = options.CertificateAuthorityFile is { } ca ? ReadFile(ca, nameof(options.CertificateAuthorityFile), problems) : null;
        string? certificate = options.ClientCertificateFile is { } crt ? ReadFile(crt, nameof(options.ClientCertificateFile), problems) : null;
        string? key = options.ClientKeyFile is { } file ? ReadFile(file, nameof(options.ClientKeyFile), problems) : null;
        if (options.TokenFile is { } path) CheckTokenFile(path, nameof(options.TokenFile), problems);
        return new ClusterAccess
        {
            Server = options.Server!,
            Token = options.Token,
            TokenFile = options.TokenFile,
            Authorities = ReadAuthorities(authorities, nameof(options.CertificateAuthorityFile), problems),
            ClientCertificate = ReadCertificate(certificate, key, nameof(options.ClientCertificateFile), problems),
        };
    }

    private static ClusterAccess? OfServiceAccount(KubernetesOptions options, List<string> problems)
    {
        string token = Path.Combine(options.ServiceAccountDirectory, "token"), ca = Path.Combine(options.ServiceAccountDirectory, "ca.crt");
        if (!File.Exists(token))
        {
            KubernetesOptionsValidation.Add(problems, nameof(options.Server), "is not set, and this process has no service account of a cluster", "set Kubernetes:Server or Kubernetes:KubeconfigFile, or run it in a pod with automountServiceAccountToken");
            return null;
        }
        CheckTokenFile(token, nameof(options.Server), problems);
        return new ClusterAccess
        {
            Server = options.ServiceAddress,
            TokenFile = token,
            Authorities = File.Exists(ca) ? ReadAuthorities(ReadFile(ca, nameof(options.Server), problems), nameof(options.Server), problems) : null,
        };
    }

    public static void CheckTokenFile(string path, string option, List<string> problems)
    {
        if (ReadFile(path, option, problems) is { } text && string.IsNullOrWhiteSpace(text))
            KubernetesOptionsValidation.Add(problems, option, "names a token file that is empty", "put a token into it");
    }
}
