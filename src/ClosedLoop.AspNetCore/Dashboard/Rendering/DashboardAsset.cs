using System.Reflection;
using System.Security.Cryptography;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>A file that is embedded in this assembly. Its name holds a hash of its content, so that browsers may keep it for ever.</summary>
internal sealed class DashboardAsset
{
    private DashboardAsset(string file, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file) ?? throw new InvalidOperationException($"The resource {file} is missing from the assembly.");
        Content = new byte[stream.Length];
        stream.ReadExactly(Content);
        int dot = file.LastIndexOf('.');
        Name = $"{file[..dot]}.{Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, 8))}{file[dot..]}";
        ContentType = contentType;
    }

    public static DashboardAsset Style { get; } = new("dashboard.css", "text/css; charset=utf-8");

    public static DashboardAsset Script { get; } = new("dashboard.js", "text/javascript; charset=utf-8");

    public static DashboardAsset Icon { get; } = new("icon.svg", "image/svg+xml");

    public string Name { get; }

    public string ContentType { get; }

    public byte[] Content { get; }

    public static DashboardAsset? Find(string? name) => name == Style.Name ? Style : name == Script.Name ? Script : name == Icon.Name ? Icon : null;
}
