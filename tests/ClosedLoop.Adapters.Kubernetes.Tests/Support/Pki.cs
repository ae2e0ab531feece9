using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Support;

/// <summary>A certificate authority of the test, and certificates that it signed.</summary>
internal sealed class Pki : IDisposable
{
    private readonly X509Certificate2 _authority;

    public Pki(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A certificate for 127.0.0.1 and for clients, with its key in PEM form.</summary>
    public (X509Certificate2 Certificate, string Pem, string KeyPem) Sign(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, (byte)name.Length]);
        using var whole = bare.CopyWithPrivateKey(key);
        return (X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null), bare.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _authority.Dispose();
}
