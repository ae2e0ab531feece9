namespace ClosedLoop.Alerting.Sinks;

/// <summary>What every sink that speaks HTTP has. Not to be changed once the sink is added.</summary>
public abstract class HttpSinkOptions
{
    private protected HttpSinkOptions(string name) => Name = name;

    /// <summary>The sink's name: lower-case letters, digits and '-', at most 60, unlike any other sink's. Routes name it. The default is the kind of the sink, such as <c>slack</c>.</summary>
    public string Name { get; set; }

    /// <summary>How long one attempt may take. The default is 10 s; 1 s to 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
