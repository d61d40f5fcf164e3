// Loads a plugin as the platform's host does and answers in one line.
// Arguments: the plugin's file, then the symbols that it must have.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"plugin"
	"reflect"
	"strings"
)

type answer struct {
	Ok      bool   `json:"ok"`
	Message string `json:"message,omitempty"`
	Path    string `json:"path,omitempty"`
}

func main() {
	// From the input, as the plugin could read it from the environment.
	token, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	token = strings.TrimSpace(token)
	file, symbols := os.Args[1], os.Args[2:]
	result := answer{Ok: true}
	if message := load(file, symbols); message != "" {
		result = answer{Message: message, Path: file}
	}
	line, _ := json.Marshal(result)
	fmt.Printf("\n%s %s\n", token, line)
}

// load says what is wrong, or nothing.
func load(file string, symbols []string) (message string) {
	// Opening runs the plugin's init functions.
	defer func() {
		if reason := recover(); reason != nil {
			message = cut(fmt.Sprintf("its init panics: %v", reason))
		}
	}()
	opened, err := plugin.Open("./" + file)
	if err != nil {
		return cut(err.Error())
	}
	for _, name := range symbols {
		symbol, err := opened.Lookup(name)
		if err != nil {
			return cut(err.Error())
		}
		if !isFunction(reflect.TypeOf(symbol)) {
			return fmt.Sprintf("%s is a %s, not a function", name, reflect.TypeOf(symbol))
		}
	}
	return ""
}

// isFunction: Lookup gives a function itself, and a pointer to a variable.
func isFunction(kind reflect.Type) bool {
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return kind.Kind() == reflect.Func
}

func cut(message string) string {
	const most = 3000
	if len(message) > most {
		return message[:most]
	}
	return message
}
