namespace ClosedLoop.Adapters.Kubernetes.Tests.Support;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("closedloop-kubernetes-");

    public string Path => _folder.FullName;

    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
