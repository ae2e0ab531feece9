using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>What a request is answered with: a component and the model that it asks for.</summary>
internal sealed record Page
{
    private Page(RenderFragment content, object model)
    {
        Content = content;
        Model = model;
    }

    public RenderFragment Content { get; }

    public object Model { get; }

    /// <summary>The page's name in the browser's title and its first heading.</summary>
    public required string Title { get; init; }

    /// <summary>Which entry of the navigation it belongs to.</summary>
    public Section Section { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Whether it follows the record live.</summary>
    public bool IsLive { get; init; } = true;

    public static Page Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TComponent>(object model, string title, Section section)
        where TComponent : IComponent => new(
            static builder =>
            {
                builder.OpenComponent<TComponent>(0);
                builder.CloseComponent();
            },
            model)
        { Title = title, Section = section };
}
