/** The file examples/hello-go/go.mod. */
export const GO_MODULE = `module example.com/hello

go 1.18
`

/** The file examples/hello-go/hello.go. */
export const GO_PLUGIN = `// A plugin: the platform opens hello.so and looks up Handler.
//
// With the platform's own SDK the second argument is its RuntimeContext; it is in no public
// registry, so this example takes whatever it is given.
package main

import (
	"encoding/json"
	"fmt"
)

type event struct {
	Name string \`json:"name"\`
}

// Handler is called with the event's JSON; what it returns is written as JSON.
func Handler(payload []byte, ctx interface{}) (interface{}, error) {
	var given event
	if err := json.Unmarshal(payload, &given); err != nil {
		return nil, fmt.Errorf("the event is not what was expected: %w", err)
	}
	if given.Name == "" {
		given.Name = "world"
	}
	return map[string]string{"message": "Hello, " + given.Name}, nil
}
`
